from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import User
from submissions.models.note import Note
from submissions.models.submission import Submission


class MentionQuerySet(models.QuerySet["Mention"]):
    def unread_for(self, user: User) -> "MentionQuerySet":
        """What colleagues have told this person and they have not read, newest first.

        Of cases that they may still review; with note, case and writer.
        """
        cases = Submission.objects.reviewable_by(user)
        unread = self.filter(user=user, read_at__isnull=True, note__submission__in=cases)
        return unread.select_related("note__submission", "note__made_by").order_by("-pk")


class Mention(models.Model):
    """That a note is meant for a colleague: it waits on their start page until they have read it."""

    note = models.ForeignKey(
        Note, models.CASCADE, verbose_name=_("internal note"), related_name="mentions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="+"
    )
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="mention_once")]
        indexes = [
            models.Index(
                fields=["user"],
                name="mention_unread",
                condition=models.Q(read_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.note_id}"
