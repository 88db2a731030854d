"""One function for each message about a submission; actions call them, views never do."""

from alliance.emails import queue_mail
from organizations.models import Membership, User
from submissions.models import Decision, Submission


def _applicants(submission: Submission) -> list[User]:
    """Who is written to: the person who sent it, else the organization's owners."""
    sender = submission.submitted_by
    if sender is not None and sender.is_active:
        return [sender]
    owners = submission.organization.memberships.filter(
        role=Membership.Role.OWNER, user__is_active=True
    ).select_related("user")
    return [membership.user for membership in owners]


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
