"""Mails about what is published: reminders, ends, pauses, changes."""

from collections.abc import Sequence

from alliance.emails import queue_mail
from submissions.emails.people import applicants, owners
from submissions.models import Change, Submission
from submissions.renewal_links import renewal_link


def publication_changed(submission: Submission, *, words: str) -> None:
    """The secretariat has paused, shown again or closed it, and says why."""
    for person in applicants(submission):
        queue_mail(
            "publication_changed",
            person.email,
            {"person": person, "submission": submission, "words": words},
            about=submission,
        )


def renewal_due(submission: Submission) -> None:
    """With a link that renews; its text is soon forgotten, because whoever has it can use it."""
    _with_link("renewal_due", submission)


def publication_expired(submission: Submission) -> None:
    _with_link("publication_expired", submission)


def _with_link(message: str, submission: Submission) -> None:
    for person in applicants(submission):
        queue_mail(
            message,
            person.email,
            {
                "person": person,
                "submission": submission,
                "link": renewal_link(submission, person),
            },
            is_secret=True,
            about=submission,
        )


def paused_with_clearance(submissions: Sequence[Submission]) -> None:
    """One mail to each owner, however many of the organization's items it is about."""
    _to_owners("publication_paused", submissions)


def resumed_with_clearance(submissions: Sequence[Submission]) -> None:
    _to_owners("publication_resumed", submissions)


def _to_owners(message: str, submissions: Sequence[Submission]) -> None:
    organization = submissions[0].organization
    for person in owners(organization):
        queue_mail(
            message,
            person.email,
            {"person": person, "organization": organization, "submissions": submissions},
            about=submissions[0] if len(submissions) == 1 else None,
        )


def change_settled(change: Change) -> None:
    """Accepted and shown from now on, or refused with words."""
    submission = change.revision.submission
    for person in applicants(submission):
        queue_mail(
            "change_settled",
            person.email,
            {"person": person, "submission": submission, "change": change},
            about=submission,
        )
