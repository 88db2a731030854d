"""One function for each message about a submission; actions call them, views never do."""

from alliance.emails import queue_mail
from organizations.models import Membership, User
from submissions.models import Decision, Submission


def _applicants(submission: Submission) -> list[User]:
    """Who is written to: the person who sent it while they belong there, else the owners."""
    members = submission.organization.memberships.filter(user__is_active=True).select_related(
        "user"
    )
    senders = [row.user for row in members if row.user_id == submission.submitted_by_id]
    return senders or [row.user for row in members if row.role == Membership.Role.OWNER]


def application_received(submission: Submission) -> None:
    for person in _applicants(submission):
        queue_mail(
            "application_received", person.email, {"person": person, "submission": submission}
        )


def decision_published(decision: Decision) -> None:
    """The letter that a senior reviewer wrote, as it was published."""
    for person in _applicants(decision.submission):
        queue_mail(
            "decision_published",
            person.email,
            {"person": person, "submission": decision.submission, "decision": decision},
        )
