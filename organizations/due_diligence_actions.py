"""The steps of due diligence; each locks its cycle and leaves an event."""

from calendar import monthrange
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.workflow import Actor
from organizations import permissions
from organizations.due_diligence import VALID_MONTHS, missing_for_clearance
from organizations.models import DueDiligence, User
from organizations.workflow import DUE_DILIGENCE

# Arrow -> the event it leaves. `clear` and `clear_with_conditions` are guarded besides.
EVENTS = {
    "start_screening": "due_diligence.screening_started",
    "start_review": "due_diligence.review_started",
    "escalate": "due_diligence.escalated",
    "return_to_review": "due_diligence.returned_to_review",
    "clear": "due_diligence.cleared",
    "clear_with_conditions": "due_diligence.cleared_with_conditions",
    "refuse": "due_diligence.refused",
    "suspend": "due_diligence.suspended",
}
CLEARING = frozenset({"clear", "clear_with_conditions"})


@transaction.atomic
def advance(cycle: DueDiligence, *, by: User, arrow: str, reason: str = "") -> DueDiligence:
    """Walk one arrow of `EVENTS`. Raises ActionRefused where it is not possible, or not theirs.

    Everything but beginning needs a reason; clearing needs besides what `missing_for_clearance`
    checks, and holds for `VALID_MONTHS`.
    """
    cycle = (
        DueDiligence.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=cycle.pk)
    )
    if arrow not in {"start_screening", "start_review"} and not reason.strip():
        raise ActionRefused(_("Say in a sentence why."))
    if arrow in CLEARING:
        missing = missing_for_clearance(cycle.organization)
        if missing:
            raise ActionRefused(" ".join(str(line) for line in missing))
        cycle.valid_until = _months_from(timezone.localdate(), VALID_MONTHS)
    before = cycle.status
    DUE_DILIGENCE.move(cycle, arrow, by=by, actors=_capacities(by, cycle))
    cycle.reason = reason.strip()
    cycle.save(update_fields=["status", "status_at", "status_by", "reason", "valid_until"])
    audit.record(
        EVENTS[arrow],
        by=by,
        about=cycle.organization,
        cycle=cycle.number,
        before=before,
        after=cycle.status,
    )
    return cycle


def _capacities(user: User, cycle: DueDiligence) -> set[Actor]:
    if permissions.belongs_to(user, cycle.organization):
        return set()
    found = set()
    if permissions.is_reviewer(user):
        found.add(Actor.REVIEWER)
    if permissions.is_senior_reviewer(user):
        found.add(Actor.SENIOR)
    return found


def possible_arrows(user: User, cycle: DueDiligence) -> list[str]:
    """The names of the steps that this person may take now."""
    arrows = DUE_DILIGENCE.leaving(cycle.status, _capacities(user, cycle))
    return [arrow.name for arrow in arrows if arrow.name in EVENTS]


def _months_from(day: date, months: int) -> date:
    """The same day some months on, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
