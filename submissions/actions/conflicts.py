"""Conflicts of interest and what was submitted: cases are taken off whoever declares one."""

from django.db import transaction

from organizations.actions import conflicts
from organizations.models import Organization, User
from submissions.actions.assignment import set_assignee
from submissions.models import Submission


@transaction.atomic
def declare_conflict(organization: Organization, *, by: User, reason: str) -> int:
    """Have no part in the organization's cases any more; returns how many were taken off."""
    conflicts.declare(organization, by=by, reason=reason)
    theirs = Submission.objects.select_for_update(of=("self",)).filter(
        organization=organization, assignee=by
    )
    cases = list(theirs.order_by("pk"))
    for case in cases:
        set_assignee(case, None, by=by)
    # The rules may know somebody else.
    Submission.objects.filter(pk__in=[case.pk for case in cases]).update(routed_at=None)
    return len(cases)
