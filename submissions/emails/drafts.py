"""Mails about drafts that nobody has touched for long."""

from datetime import date

from alliance.emails import queue_mail
from organizations.models import User
from submissions.emails.people import editors, owners
from submissions.models import Submission


def draft_waits(submission: Submission) -> None:
    """The one reminder of a draft that was left lying."""
    for person in _writers(submission):
        queue_mail("draft_waits", person.email, {"person": person, "submission": submission})


def draft_goes(submission: Submission, *, on: date) -> None:
    """Notice that a draft is deleted on that day."""
    for person in _writers(submission):
        queue_mail(
            "draft_goes", person.email, {"person": person, "submission": submission, "day": on}
        )


def _writers(submission: Submission) -> list[User]:
    """Who saved it last, while they may still write; else the owners."""
    last = [row for row in editors(submission.organization) if row.pk == submission.saved_by_id]
    return last or owners(submission.organization)
