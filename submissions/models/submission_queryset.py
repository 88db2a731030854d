"""Which submissions: whose, of what kind, in which state."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from alliance.workflow import Turn
from organizations.models import DueDiligence
from organizations.models.conflict import closed_to
from organizations.workflow import CLEARED_STATES
from submissions.models.kinds import DEMANDS_AND_OFFERS, IS_EOI, of_turn
from submissions.workflow import DRAFT, LIVE_STATES, PUBLISHED

if TYPE_CHECKING:
    from submissions.models.submission import Submission  # noqa: F401 - named in a string below


def _clearance_today() -> models.QuerySet[DueDiligence]:
    """The clearance of the organization of an outer row, where it holds."""
    return DueDiligence.objects.newest().filter(
        organization=models.OuterRef("organization"),
        status__in=CLEARED_STATES,
        valid_until__gte=timezone.localdate(),
    )


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: models.Model) -> "SubmissionQuerySet":
        """What the person's own organization has drafted or submitted."""
        return self.filter(organization__memberships__user=user)

    def applications(self) -> "SubmissionQuerySet":
        """Expressions of Interest."""
        return self.filter(IS_EOI)

    def demands_and_offers(self) -> "SubmissionQuerySet":
        return self.filter(kind__in=DEMANDS_AND_OFFERS)

    def drafts(self) -> "SubmissionQuerySet":
        return self.filter(status=DRAFT)

    def open(self) -> "SubmissionQuerySet":
        """What somebody is still expected to act on, drafts included."""
        return self.filter(of_turn(Turn.APPLICANT, Turn.SECRETARIAT))

    def published(self) -> "SubmissionQuerySet":
        """Demands and Offers that everybody may read."""
        return self.demands_and_offers().filter(status=PUBLISHED)

    def live(self) -> "SubmissionQuerySet":
        """Demands and Offers that were accepted and have not ended: published or paused."""
        return self.demands_and_offers().filter(status__in=LIVE_STATES)

    def with_unsent_change(self) -> "SubmissionQuerySet":
        """Live ones whose next version somebody has begun, and not sent since."""
        sent = self.live().annotate(sent_last=models.Max("revisions__made_at"))
        return sent.filter(saved_at__gt=models.F("sent_last"))

    def cleared(self) -> "SubmissionQuerySet":
        """Those whose organization is cleared today."""
        return self.filter(models.Exists(_clearance_today()))

    def uncleared(self) -> "SubmissionQuerySet":
        return self.filter(~models.Exists(_clearance_today()))

    def untouched_since(self, moment: datetime) -> "SubmissionQuerySet":
        """Drafts that nobody has saved since; `touched_at` says when somebody last did."""
        touched = self.drafts().annotate(touched_at=Coalesce("saved_at", "created_at"))
        return touched.filter(touched_at__lt=moment)

    def received(self) -> "SubmissionQuerySet":
        """What the secretariat has ever been sent; drafts are their owners' alone."""
        return self.exclude(status=DRAFT)

    def arriving(self) -> "SubmissionQuerySet":
        """Received, and not yet taken in: sender and due diligence are still to be told."""
        return self.filter(is_arriving=True)

    def to_be_routed(self) -> "SubmissionQuerySet":
        """Nobody's, and the rules of assignment have not been looked at."""
        return self.received().filter(assignee__isnull=True, routed_at__isnull=True)

    def reviewable_by(self, user: models.Model) -> "SubmissionQuerySet":
        """What this member of staff may work on: see `can_review_organization`."""
        return self.received().exclude(closed_to(user))
