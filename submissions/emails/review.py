"""Mails about the review: received, assigned, noted, decided."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.emails import queue_mail, written
from organizations.models import DueDiligence, User
from submissions.emails.people import applicants
from submissions.models import Decision, Submission
from submissions.workflow import DECIDING_ARROWS


@dataclass(frozen=True)
class Letter:
    """A mail as it would be sent now, to one person."""

    person: User
    subject: str
    text: str


def submission_received(submission: Submission, *, by: User) -> None:
    """To the person who sent it just now; colleagues find it on the dashboard."""
    message = "application_received" if submission.is_application else "demand_offer_received"
    queue_mail(message, by.email, {"person": by, "submission": submission}, about=submission)


def cases_assigned(
    person: User,
    cases: Sequence[Submission],
    *,
    by: User | None,
    cycles: Sequence[DueDiligence] = (),
) -> None:
    """To the reviewer whose they are now, in one message; `by` is None for a rule.

    `cycles` are those of due diligence that were handed over with the cases.
    """
    links = [
        (case.reference, reverse("admin:submissions_submission_change", args=[case.pk]))
        for case in cases
    ] + [
        (
            _("Due diligence of %(name)s") % {"name": cycle.organization.name},
            reverse("admin:organizations_duediligence_change", args=[cycle.pk]),
        )
        for cycle in cycles
    ]
    queue_mail(
        "cases_assigned",
        person.email,
        {"person": person, "links": links, "by": by},
        about=cases[0] if len(links) == len(cases) == 1 else None,
    )


def mentioned(person: User, submission: Submission, *, by: User) -> None:
    """To a colleague named in a note; the note itself stays where few read it."""
    address = reverse("admin:submissions_submission_change", args=[submission.pk], fragment="notes")
    queue_mail(
        "mentioned",
        person.email,
        {"person": person, "submission": submission, "by": by, "address": address},
    )


def decision_published(decision: Decision) -> None:
    """The letter that a senior reviewer wrote, as it was published."""
    for person in applicants(decision.submission):
        queue_mail(
            "decision_published",
            person.email,
            _of_decision(decision, person),
            about=decision.submission,
        )


def decision_letters(decision: Decision) -> list[Letter]:
    """What publishing a pending decision would send, and to whom; nothing is sent."""
    published = copy(decision)
    published.submission = copy(decision.submission)
    published.submission.status = DECIDING_ARROWS[decision.outcome]
    letters = []
    for person in applicants(decision.submission):
        mail = written("decision_published", _of_decision(published, person))
        letters.append(Letter(person, mail.subject, mail.text))
    return letters


def _of_decision(decision: Decision, person: User) -> dict[str, Any]:
    return {"person": person, "submission": decision.submission, "decision": decision}
