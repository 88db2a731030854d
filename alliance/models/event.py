import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, subject: models.Model) -> "EventQuerySet":
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)

    def shown_to_members(self) -> "EventQuerySet":
        return self.filter(internal=False)


class Event(models.Model):
    """One line of the audit trail: ids and codes, no personal data.

    Neither the subject nor the actor is a foreign key: the trail outlives both.
    """

    at = models.DateTimeField(_("at"), auto_now_add=True)
    name = models.CharField(_("name"), max_length=80)
    actor_id = models.BigIntegerField(_("actor"), null=True, blank=True)
    subject_type = models.CharField(_("subject type"), max_length=80)
    subject_id = models.BigIntegerField(_("subject"))
    internal = models.BooleanField(_("shown to staff only"), default=False)
    data = models.JSONField(_("data"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type} {self.subject_id}"
