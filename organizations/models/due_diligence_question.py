from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models.by import by_whom
from organizations.models.due_diligence import DueDiligence


class DueDiligenceQuestionQuerySet(models.QuerySet["DueDiligenceQuestion"]):
    def open(self) -> Self:
        return self.filter(answered_at__isnull=True, ended_at__isnull=True)

    def overdue(self) -> Self:
        """Open, and the last day is over."""
        return self.open().filter(due_on__lt=timezone.localdate())


class DueDiligenceQuestion(models.Model):
    """What the secretariat asked an organization in the course of its checks, with the answer.

    It ends with the answer (`answered_at`), or is taken back without one (`ended_at`).
    """

    # How long an organization has, unless the reviewer names another day.
    USUAL_TIME = timedelta(days=14)
    # How long before the due day each of the two reminders goes out.
    REMINDERS = (timedelta(days=5), timedelta(days=1))

    cycle = models.ForeignKey(
        DueDiligence, models.CASCADE, verbose_name=_("due diligence"), related_name="questions"
    )
    question = models.TextField(_("question"))
    due_on = models.DateField(_("answer until"))
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    asked_by = by_whom(_("asked by"))
    reminders_sent = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = by_whom(_("answered by"))
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = DueDiligenceQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of due diligence")
        verbose_name_plural = _("questions of due diligence")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"],
                condition=models.Q(answered_at__isnull=True, ended_at__isnull=True),
                name="due_diligence_one_open_question",
            ),
            models.CheckConstraint(
                name="due_diligence_question_answered_with_words",
                condition=models.Q(answered_at__isnull=True, answer="")
                | models.Q(answered_at__isnull=False, ended_at__isnull=True) & ~models.Q(answer=""),
            ),
            models.CheckConstraint(
                name="due_diligence_question_asks", condition=~models.Q(question="")
            ),
        ]

    def __str__(self) -> str:
        return self.question[:80]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.ended_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()
