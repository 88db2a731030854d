"""What the portal does by itself with published Demands and Offers; each is a sweep.

Sweeps look for rows that are due, lock each, look again, and so may run twice at once.
"""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from alliance import audit
from organizations.due_diligence.rules import is_cleared
from organizations.models import Organization
from submissions.actions.moves import locked, move
from submissions.emails import publication as emails
from submissions.models import Submission
from submissions.workflow import PAUSED


def expire_publications() -> int:
    """End whatever is past its last day; returns how many."""
    today = timezone.localdate()
    over = Submission.objects.live().filter(expires_on__lt=today).order_by("pk")
    return sum(_expire(row, today) for row in over)


@transaction.atomic
def _expire(submission: Submission, today: date) -> bool:
    submission = locked(submission)
    if not submission.is_live or submission.expires_on is None or submission.expires_on >= today:
        return False
    move(submission, "expire", event="submission.expired", by=None)
    emails.publication_expired(submission)
    return True


def offer_renewals() -> int:
    """Remind, once, of whatever ends soon; returns how many."""
    until = timezone.localdate() + Submission.RENEWAL_FROM
    ending = Submission.objects.live().filter(expires_on__lte=until, renewal_offered_at=None)
    return sum(_offer_renewal(row) for row in ending.order_by("pk"))


@transaction.atomic
def _offer_renewal(submission: Submission) -> bool:
    submission = locked(submission)
    if not submission.is_ending or submission.renewal_offered_at is not None:
        return False
    submission.renewal_offered_at = timezone.now()
    submission.save(update_fields=["renewal_offered_at"])
    audit.record("submission.renewal_offered", by=None, about=submission, internal=True)
    emails.renewal_due(submission)
    return True


def pause_uncleared() -> int:
    """Take off the board what belongs to organizations whose clearance is not in force."""
    shown = Submission.objects.published().uncleared()
    return sum(_pause(pk) for pk in _organizations(shown))


@transaction.atomic
def _pause(organization_id: int) -> int:
    rows = _held(organization_id, is_paused=False)
    if not rows or is_cleared(rows[0].organization):
        return 0
    for row in rows:
        row.is_paused_by_portal = True
        move(row, "pause", event="submission.paused_by_portal", by=None)
    emails.paused_with_clearance(rows)
    return len(rows)


def resume_cleared() -> int:
    """Show again what was paused with a clearance, once there is one; nothing else."""
    waiting = Submission.objects.live().filter(is_paused_by_portal=True).cleared()
    return sum(_resume(pk) for pk in _organizations(waiting))


@transaction.atomic
def _resume(organization_id: int) -> int:
    rows = _held(organization_id, is_paused=True)
    if not rows or not is_cleared(rows[0].organization):
        return 0
    for row in rows:
        move(row, "resume", event="submission.resumed_by_portal", by=None)
    emails.resumed_with_clearance(rows)
    return len(rows)


def _organizations(submissions: QuerySet[Submission]) -> list[int]:
    rows = submissions.order_by("organization").values_list("organization", flat=True)
    return list(rows.distinct())


def _held(organization_id: int, *, is_paused: bool) -> list[Submission]:
    """The rows that follow the clearance, locked with their organization."""
    Organization.objects.locked().get(pk=organization_id)
    rows = Submission.objects.demands_and_offers().filter(organization=organization_id)
    chosen = rows.filter(status=PAUSED, is_paused_by_portal=True) if is_paused else rows.published()
    return list(
        chosen.select_for_update(of=("self",)).select_related("organization").order_by("pk")
    )
