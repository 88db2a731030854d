"""Who is written to about a submission."""

from organizations.models import Membership, Organization, User
from submissions.models import Submission


def applicants(submission: Submission) -> list[User]:
    """Who is written to: the person who sent it while they belong there, else the owners."""
    members = _members(submission.organization)
    senders = [row.user for row in members if row.user_id == submission.submitted_by_id]
    return senders or [row.user for row in members if row.role == Membership.Role.OWNER]


def owners(organization: Organization) -> list[User]:
    return [row.user for row in _members(organization) if row.role == Membership.Role.OWNER]


def editors(organization: Organization) -> list[User]:
    """Whoever may write drafts: owners too."""
    return [row.user for row in _members(organization) if row.may_edit]


def _members(organization: Organization) -> list[Membership]:
    active = organization.memberships.filter(user__is_active=True)
    return list(active.select_related("user").order_by("pk"))
