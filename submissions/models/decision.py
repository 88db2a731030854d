from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.models import Term
from submissions.models.revision import Revision
from submissions.models.submission import Submission


class DecisionQuerySet(models.QuerySet["Decision"]):
    def pending(self) -> "DecisionQuerySet":
        return self.filter(published_at__isnull=True, dropped_at__isnull=True)


class Decision(models.Model):
    """What a senior reviewer decided, and on which revision; it counts once it is published.

    The letter can be edited until then. A dropped decision stays on record.
    """

    class Outcome(models.TextChoices):
        """Each value names the arrow that publishing walks."""

        APPROVE = "approve", _("Approve")
        APPROVE_WITH_CONDITIONS = "approve_with_conditions", _("Approve with conditions")
        PUBLISH = "publish", _("Publish")
        DECLINE = "decline", _("Decline")
        FIND_INELIGIBLE = "find_ineligible", _("Ineligible")

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("submission"), related_name="decisions"
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, verbose_name=_("revision"), related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=30, choices=Outcome.choices)
    reason = models.ForeignKey(Term, models.PROTECT, verbose_name=_("reason"), related_name="+")
    explanation = models.TextField(_("explanation for the file"))
    letter = models.TextField(_("letter to the applicant"))
    made_at = models.DateTimeField(_("decided"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("published by"),
        related_name="+",
        null=True,
        blank=True,
    )
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("dropped by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(published_at__isnull=True, dropped_at__isnull=True),
                name="one_pending_decision",
            ),
            models.CheckConstraint(
                name="decision_published_or_dropped",
                condition=models.Q(published_at__isnull=True) | models.Q(dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_outcome_display()}"

    @property
    def is_pending(self) -> bool:
        return self.published_at is None and self.dropped_at is None
