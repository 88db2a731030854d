from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.models.submission import Submission


class ReviewVisit(models.Model):
    """That a reviewer has the page of a case open, told by the page once a minute.

    A word for colleagues, never a lock. After `COUNTS_FOR` without a sign it is over; the next
    one begins with a new `since`.
    """

    COUNTS_FOR = timedelta(minutes=3)
    # A sign of life that is younger needs no other one.
    FRESH_FOR = timedelta(seconds=20)

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("submission"), related_name="review_visits"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="+"
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        verbose_name = _("person at a case")
        verbose_name_plural = _("people at cases")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="review_visit_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.submission_id}"

    @property
    def is_now(self) -> bool:
        """Whether the person's page has just been heard of."""
        return timezone.now() - self.seen_at < self.COUNTS_FOR

    @property
    def is_fresh(self) -> bool:
        return timezone.now() - self.seen_at < self.FRESH_FOR
