"""Mails about the review: received, assigned, decided."""

from collections.abc import Sequence

from alliance.emails import queue_mail
from organizations.models import User
from submissions.emails.people import applicants
from submissions.models import Decision, Submission


def submission_received(submission: Submission, *, by: User) -> None:
    """To the person who sent it just now; colleagues find it on the dashboard."""
    message = "application_received" if submission.is_application else "demand_offer_received"
    queue_mail(message, by.email, {"person": by, "submission": submission}, about=submission)


def cases_assigned(person: User, cases: Sequence[Submission], *, by: User | None) -> None:
    """To the reviewer whose cases they are now, in one message; `by` is None for a rule."""
    queue_mail("cases_assigned", person.email, {"person": person, "cases": cases, "by": by})


def decision_published(decision: Decision) -> None:
    """The letter that a senior reviewer wrote, as it was published."""
    for person in applicants(decision.submission):
        queue_mail(
            "decision_published",
            person.email,
            {"person": person, "submission": decision.submission, "decision": decision},
            about=decision.submission,
        )
