"""Who is written to about a submission."""

from organizations.models import Membership, User
from submissions.models import Submission


def applicants(submission: Submission) -> list[User]:
    """Who is written to: the person who sent it while they belong there, else the owners."""
    members = submission.organization.memberships.filter(user__is_active=True).select_related(
        "user"
    )
    senders = [row.user for row in members if row.user_id == submission.submitted_by_id]
    return senders or [row.user for row in members if row.role == Membership.Role.OWNER]
