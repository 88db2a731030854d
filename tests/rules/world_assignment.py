"""Who works on what in the portal in use: rules, absences, cases of a desk, conflicts of interest."""

from django.utils import timezone

from organizations.actions.assignment import assign_cycle
from organizations.models import Absence, ConflictOfInterest, User
from submissions import actions
from submissions.models import AssignmentRule, Kind
from tests import factories


def add_assignment(people: dict[str, User], secret: str, rows: int) -> int:
    """Make the rows; returns the number of an organization in which nobody has a conflict.

    `secret` is a word that only reviewers read; of conflicts senior ones alone.
    """
    senior, today = people["senior"], timezone.localdate()
    Absence.objects.create(person=senior, starts_on=today, ends_on=today)
    for number in range(rows):
        factories.staff("Reviewer")
        owner = factories.member(factories.organization(), "owner")
        case = factories.submitted(owner)
        actions.assign(case, to=senior, by=senior)
        cycle = factories.organization().due_diligence_cycles.get()
        assign_cycle(cycle, to=senior, by=senior)
        AssignmentRule.objects.create(person=senior, region=f"region-{number}", kind=Kind.OFFER)
        ConflictOfInterest.objects.create(
            person=factories.staff("Reviewer"),
            organization=factories.organization(),
            reason=f"{secret} {number}",
        )
    return case.organization_id
