from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.by import by_whom
from submissions.models.revision import Revision


class ChangeQuerySet(models.QuerySet["Change"]):
    def waiting(self) -> "ChangeQuerySet":
        return self.filter(outcome=Change.Outcome.WAITING)

    def standing(self) -> "ChangeQuerySet":
        """Those that no newer one has replaced."""
        return self.exclude(outcome=Change.Outcome.REPLACED)


class Change(models.Model):
    """A newer revision of a published Demand or Offer, until the secretariat has settled it.

    What is published stays as it is while this waits. One that is sent meanwhile replaces it, and
    one that its organization takes back is none any more: its revision alone stays.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting for the secretariat")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Not accepted")
        REPLACED = "replaced", _("Replaced by a newer one")

    revision = models.OneToOneField(
        Revision, models.CASCADE, verbose_name=_("revision"), related_name="change"
    )
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Outcome.choices, default=Outcome.WAITING
    )
    words = models.TextField(_("words to the organization"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = by_whom(_("settled by"))

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="change_settled_when_not_waiting",
                condition=models.Q(outcome="waiting", settled_at__isnull=True)
                | ~models.Q(outcome="waiting") & models.Q(settled_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], name="change_waiting", condition=models.Q(outcome="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_outcome_display()}"
