from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import User
from submissions.models.submission import Submission


class DraftVisitQuerySet(models.QuerySet["DraftVisit"]):
    def now(self) -> "DraftVisitQuerySet":
        """Of people who have the draft open: their page has just been heard of."""
        return self.filter(seen_at__gt=timezone.now() - DraftVisit.COUNTS_FOR)

    def beside(self, user: User) -> list[User]:
        """The others who have it open now."""
        return [visit.user for visit in self.now().exclude(user=user).select_related("user")]


class DraftVisit(models.Model):
    """That somebody has a draft open, told by its page while they write.

    Only a word for colleagues ("Open here too: Chikondi"), never a lock.
    """

    COUNTS_FOR = timedelta(minutes=2)

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("submission"), related_name="visits"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("person"), related_name="+"
    )
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    objects = DraftVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("person at a draft")
        verbose_name_plural = _("people at drafts")
        ordering = ["seen_at"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="draft_visit_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.submission}"
