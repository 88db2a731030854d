"""Mails about the review: received, decided."""

from alliance.emails import queue_mail
from submissions.emails.people import applicants
from submissions.models import Decision, Submission


def submission_received(submission: Submission) -> None:
    message = "application_received" if submission.is_application else "demand_offer_received"
    for person in applicants(submission):
        queue_mail(message, person.email, {"person": person, "submission": submission})


def decision_published(decision: Decision) -> None:
    """The letter that a senior reviewer wrote, as it was published."""
    for person in applicants(decision.submission):
        queue_mail(
            "decision_published",
            person.email,
            {"person": person, "submission": decision.submission, "decision": decision},
        )
