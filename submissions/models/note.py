from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.searching import words_of
from submissions.models.submission import Submission


class Note(models.Model):
    """What staff write for each other about a case; the applicant never sees it."""

    SEARCHED = words_of("text")

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("submission"), related_name="notes"
    )
    text = models.TextField(_("note"))
    made_at = models.DateTimeField(_("written"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("written by"),
        related_name="+",
        null=True,
    )

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["-id"]
        indexes = [GinIndex(words_of("text"), name="note_search")]

    def __str__(self) -> str:
        return self.text[:80]
