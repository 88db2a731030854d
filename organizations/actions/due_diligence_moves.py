"""What every step of due diligence shares: the locks, the move, the event.

The organization's row is the lock that screening takes too, so that nothing is cleared while a
name of it is being compared.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.workflow import Actor
from organizations import permissions
from organizations.due_diligence.levels import propose
from organizations.emails import findings as emails_findings
from organizations.models import DueDiligence, Organization, User
from organizations.workflow import CLEARED_STATES, DUE_DILIGENCE, EXPIRED, NOT_CLEARED

# Arrow -> the event it leaves.
EVENTS = {
    "start_screening": "due_diligence.screening_started",
    "start_review": "due_diligence.review_started",
    "request_clarification": "due_diligence.clarification_requested",
    "answer_clarification": "due_diligence.clarification_answered",
    "take_back_question": "due_diligence.question_taken_back",
    "escalate": "due_diligence.escalated",
    "return_to_review": "due_diligence.returned_to_review",
    "clear": "due_diligence.cleared",
    "clear_with_conditions": "due_diligence.cleared_with_conditions",
    "refuse": "due_diligence.refused",
    "suspend": "due_diligence.suspended",
    "expire": "due_diligence.expired",
}
# In these states checks and level stand still: the finding rests on them.
SETTLED = frozenset({*CLEARED_STATES, NOT_CLEARED, EXPIRED})


def walk(
    cycle: DueDiligence,
    arrow: str,
    *,
    by: User | None,
    actors: set[Actor],
    reason: str,
    words: str = "",
    **data: Any,
) -> None:
    """Walk one arrow of a locked cycle; a finding, or its end, goes to the owners by mail.

    `reason` stays with the secretariat; `words` are the organization's to read.
    """
    before = cycle.status
    DUE_DILIGENCE.move(cycle, arrow, by=by, actors=actors)
    cycle.reason, cycle.words = reason.strip(), words.strip()
    cycle.save(update_fields=["status", "status_at", "status_by", "reason", "words", "valid_until"])
    record(EVENTS[arrow], cycle, by=by, before=before, after=cycle.status, **data)
    if cycle.status in emails_findings.SUBJECTS:
        emails_findings.finding(cycle)


def record(
    name: str, cycle: DueDiligence, *, by: User | None, internal: bool = False, **data: Any
) -> None:
    audit.record(
        name, by=by, about=cycle.organization, internal=internal, cycle=cycle.number, **data
    )


def follow_proposal(cycle: DueDiligence) -> None:
    """Take the level that is proposed now, unless somebody has set it."""
    proposed = propose(cycle.organization, cycle).level
    if not cycle.level_reason and cycle.level != proposed:
        before, cycle.level = cycle.level, proposed
        cycle.save(update_fields=["level"])
        drop_recommendation(cycle)
        record(
            "due_diligence.level_proposed",
            cycle,
            by=None,
            internal=True,
            before=before,
            after=cycle.level,
        )


def drop_recommendation(cycle: DueDiligence) -> None:
    """What was recommended is no longer what would be cleared."""
    if cycle.recommended_at is not None:
        cycle.recommended_at = cycle.recommended_by = None
        cycle.recommendation = ""
        cycle.save(update_fields=["recommended_at", "recommended_by", "recommendation"])


def lock(organization: Organization) -> None:
    """Hold the organization's row."""
    Organization.objects.locked().get(pk=organization.pk)


def locked(cycle: DueDiligence) -> DueDiligence:
    """The cycle as it is now, held until the transaction ends. Only the newest one can be changed."""
    lock(cycle.organization)
    cycle = (
        DueDiligence.objects.select_for_update(of=("self",))
        .select_related("organization__country", "organization__type", "recommended_by")
        .get(pk=cycle.pk)
    )
    if DueDiligence.objects.filter(
        organization=cycle.organization, number__gt=cycle.number
    ).exists():
        raise ActionRefused(_("A newer cycle has begun; this one is history."))
    return cycle


def locked_for(by: User, cycle: DueDiligence) -> DueDiligence:
    """The same, for a reviewer who works on a cycle that has no finding yet."""
    cycle = locked(cycle)
    if not capacities(by, cycle.organization):
        raise ActionRefused(_("You are not allowed to do this."))
    if cycle.status in SETTLED:
        raise ActionRefused(
            _("This is no longer possible: it is now “%(state)s”.") % {"state": cycle.state.label}
        )
    return cycle


def capacities(user: User, organization: Organization) -> set[Actor]:
    """In which capacities this person may act for the secretariat on an organization."""
    if not permissions.can_review_organization(user, organization):
        return set()
    if permissions.is_senior_reviewer(user):
        return {Actor.REVIEWER, Actor.SENIOR}
    return {Actor.REVIEWER}


def is_open_for_work(user: User, cycle: DueDiligence) -> bool:
    """Whether this person may answer checks and set the level now."""
    return bool(capacities(user, cycle.organization)) and cycle.status not in SETTLED
