from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.by import by_whom
from submissions.models.submission import Submission


class ClarificationQuerySet(models.QuerySet["Clarification"]):
    def open(self) -> "ClarificationQuerySet":
        """Asked, and neither answered nor ended without an answer."""
        return self.filter(answered_at__isnull=True, ended_at__isnull=True)


class Clarification(models.Model):
    """One round of questions to the applicant, each about one field or the whole.

    While it is open, only the fields that it names can be changed. It ends with the answers
    (`answered_at`), or without them (`ended_at`): lapsed, declined or withdrawn meanwhile.
    """

    # How long applicants have, unless the reviewer names another day.
    USUAL_TIME = timedelta(days=14)
    # How long before the due day each of the two reminders goes out.
    REMINDERS = (timedelta(days=5), timedelta(days=1))

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("submission"), related_name="clarifications"
    )
    due_on = models.DateField(_("answer until"))
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    asked_by = by_whom(_("asked by"))
    reminders_sent = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = by_whom(_("answered by"))
    ended_at = models.DateTimeField(_("ended without an answer"), null=True, blank=True)

    objects = ClarificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("clarification")
        verbose_name_plural = _("clarifications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(answered_at__isnull=True, ended_at__isnull=True),
                name="one_open_clarification",
            ),
            models.CheckConstraint(
                name="clarification_answered_or_ended",
                condition=models.Q(answered_at__isnull=True) | models.Q(ended_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="clarification_due",
                condition=models.Q(answered_at__isnull=True, ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self._meta.verbose_name}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.ended_at is None


class ClarificationItem(models.Model):
    """One question, with the applicant's answer and the reviewer's mark that it is settled."""

    clarification = models.ForeignKey(
        Clarification, models.CASCADE, verbose_name=_("clarification"), related_name="items"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    field = models.CharField(
        _("field"),
        max_length=60,
        blank=True,
        help_text=_("The form's field that it is about; empty for a question about the whole."),
    )
    question = models.TextField(_("question"))
    answer = models.TextField(_("answer"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = by_whom(_("settled by"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["clarification", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["clarification", "position"], name="clarification_item_position"
            ),
            models.CheckConstraint(
                name="clarification_item_asks", condition=~models.Q(question="")
            ),
        ]

    def __str__(self) -> str:
        return self.question[:80]

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None
