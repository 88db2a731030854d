"""The steps of due diligence; each locks the organization and its cycle, and leaves an event."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.dates import months_after
from alliance.exceptions import ActionRefused
from alliance.reasons import check_reason
from alliance.workflow import Actor
from organizations.actions.assignment import set_assignee
from organizations.actions.due_diligence_moves import (
    EVENTS,
    capacities,
    follow_proposal,
    lock,
    locked,
    walk,
)
from organizations.due_diligence.rules import (
    VALID_MONTHS,
    answers_of,
    current_cycle,
    missing_for_clearance,
    missing_second_person,
)
from organizations.models import DueDiligence, Hit, SanctionsSnapshot, User
from organizations.screening.runs import screen_organization
from organizations.workflow import DUE_DILIGENCE, NOT_CLEARED

# Steps that people have a button for. The portal alone lets a clearance expire, and questions
# have actions of their own.
STEPS = frozenset(EVENTS) - {
    "expire",
    "request_clarification",
    "answer_clarification",
    "take_back_question",
}
CLEARING = frozenset({"clear", "clear_with_conditions"})
_WITHOUT_REASON = frozenset({"start_screening", "start_review"})
# What the organization has to be told in words of their own.
_NEEDS_WORDS = {
    "clear_with_conditions": _("Write the conditions, for the organization to read."),
    "refuse": _("Write to the organization why."),
}


@transaction.atomic
def advance(
    cycle: DueDiligence, *, by: User, arrow: str, reason: str = "", words: str = ""
) -> DueDiligence:
    """Walk one of `STEPS`. Raises ActionRefused where it is not possible, or not theirs.

    Everything but beginning needs a reason; clearing needs besides what `missing_for_clearance`
    checks, at times a second person, and holds for `VALID_MONTHS`. Beginning screens all names.
    `words` go to the owners with what was found; conditions and a refusal cannot do without.
    """
    cycle = locked(cycle)
    if arrow not in _WITHOUT_REASON:
        check_reason(reason)
    if arrow not in STEPS:
        raise ActionRefused(_("There is no such step."))
    if arrow in _NEEDS_WORDS and not words.strip():
        raise ActionRefused(_NEEDS_WORDS[arrow])
    if arrow in CLEARING and DUE_DILIGENCE.find(arrow, cycle.status):
        _check_may_be_cleared(cycle, by=by)
        cycle.valid_until = months_after(timezone.localdate(), VALID_MONTHS)
    actors = capacities(by, cycle.organization)
    walk(cycle, arrow, by=by, actors=actors, reason=reason, words=words)
    if arrow == "start_screening":
        _begin_screening(cycle, by=by)
    if arrow == "start_review" and cycle.assignee_id is None:
        set_assignee(cycle, by, by=by)
    return cycle


def _check_may_be_cleared(cycle: DueDiligence, *, by: User) -> None:
    answers = answers_of(cycle)
    missing = missing_for_clearance(cycle.organization, cycle, answers)
    if alone := missing_second_person(cycle, answers, by):
        missing.append(alone)
    if missing:
        raise ActionRefused(" ".join(str(line) for line in missing))


def _begin_screening(cycle: DueDiligence, *, by: User | None) -> None:
    follow_proposal(cycle)
    if SanctionsSnapshot.objects.current() is not None:
        screen_organization(cycle.organization, by=by)


@transaction.atomic
def begin_again(cycle: DueDiligence, *, by: User, reason: str) -> DueDiligence:
    """Begin a new cycle after one that ended without a clearance; a senior reviewer's to do."""
    cycle = locked(cycle)
    if Actor.SENIOR not in capacities(by, cycle.organization):
        raise ActionRefused(_("Only a senior reviewer begins another cycle."))
    if cycle.status != NOT_CLEARED:
        raise ActionRefused(
            _("This is no longer possible: it is now “%(state)s”.") % {"state": cycle.state.label}
        )
    check_reason(reason)
    return _begin_next(cycle, by=by, actors=capacities(by, cycle.organization), reason=reason)


@transaction.atomic
def suspend_for_hit(hit: Hit, *, by: User) -> DueDiligence | None:
    """Suspend the clearance of an organization of whom a hit was confirmed, if it has one."""
    lock(hit.organization)
    cycle = current_cycle(hit.organization)
    if cycle is None or not cycle.is_cleared:
        return cycle
    reason = str(_("A hit of the screening was confirmed."))
    walk(cycle, "suspend", by=by, actors={Actor.SYSTEM}, reason=reason, hit=hit.pk)
    return cycle


def expire_clearances() -> int:
    """End every clearance whose last day is over, and begin the next cycle; returns how many.

    A sweep: safe to run twice at once.
    """
    yesterday = timezone.localdate() - timedelta(days=1)
    over = DueDiligence.objects.newest().ending_until(yesterday).order_by("pk")
    return sum(_expire(cycle) for cycle in over.select_related("organization"))


@transaction.atomic
def _expire(cycle: DueDiligence) -> bool:
    lock(cycle.organization)
    cycle = DueDiligence.objects.select_related("organization__type").get(pk=cycle.pk)
    is_over = cycle.valid_until is not None and cycle.valid_until < timezone.localdate()
    if not (cycle.is_cleared and is_over):  # another worker was quicker
        return False
    actors = {Actor.SYSTEM}
    walk(cycle, "expire", by=None, actors=actors, reason=cycle.reason, words=cycle.words)
    _begin_next(cycle, by=None, actors={Actor.SYSTEM}, reason="")
    return True


def _begin_next(
    cycle: DueDiligence, *, by: User | None, actors: set[Actor], reason: str
) -> DueDiligence:
    """The row after this one, with its screening started."""
    following = DueDiligence.objects.create(
        organization=cycle.organization,
        number=cycle.number + 1,
        level=cycle.level,
        partner_category=cycle.partner_category,
        engagement=cycle.engagement,
    )
    walk(following, "start_screening", by=by, actors=actors, reason=reason)
    _begin_screening(following, by=by)
    return following


def possible_arrows(user: User, cycle: DueDiligence) -> list[str]:
    """The names of the steps that this person may take now."""
    arrows = DUE_DILIGENCE.leaving(cycle.status, capacities(user, cycle.organization))
    return [arrow.name for arrow in arrows if arrow.name in STEPS]
