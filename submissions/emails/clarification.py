"""Mails about questions of the secretariat: asked, reminded of, answered, lapsed."""

from alliance.emails import queue_mail
from submissions.emails.people import applicants
from submissions.models import Clarification
from submissions.questions import about


def clarification_asked(clarification: Clarification) -> None:
    _to_applicants("clarification_asked", clarification)


def clarification_reminder(clarification: Clarification) -> None:
    _to_applicants("clarification_reminder", clarification)


def clarification_lapsed(clarification: Clarification) -> None:
    _to_applicants("clarification_lapsed", clarification)


def _to_applicants(message: str, clarification: Clarification) -> None:
    submission = clarification.submission
    questions = [
        (about(submission.kind, item.field), item.question)
        for item in clarification.items.all()
        if not item.is_settled
    ]
    for person in applicants(submission):
        queue_mail(
            message,
            person.email,
            {
                "person": person,
                "submission": submission,
                "clarification": clarification,
                "questions": questions,
            },
            about=submission,
        )


def clarification_answered(clarification: Clarification) -> None:
    """To the reviewer whose case it is, or who asked; nobody where both are gone."""
    reviewer = clarification.submission.assignee or clarification.asked_by
    if reviewer is not None and reviewer.is_active:
        queue_mail(
            "clarification_answered",
            reviewer.email,
            {"person": reviewer, "submission": clarification.submission},
            about=clarification.submission,
        )
