"""What the review page shows of questions and revisions."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from organizations.people import signed_in
from submissions import permissions
from submissions.differences import difference
from submissions.forms.clarification import CompareForm, QuestionsForm
from submissions.models import Revision, Submission
from submissions.rounds import rounds_of


def part(
    request: HttpRequest,
    submission: Submission,
    revisions: list[Revision],
    *,
    beside: Revision | None = None,
) -> dict[str, Any]:
    """The rounds with their marks, a form for the next one, and what the last answers changed.

    `revisions` are all of them, newest first; `beside` is the one to compare with, if not the one
    that is asked for.
    """
    can_ask = permissions.can_ask(signed_in(request), submission)
    return {
        "rounds": rounds_of(submission),
        "questions_form": QuestionsForm(submission=submission) if can_ask else None,
        **_compared(request, submission, revisions, beside),
    }


def _compared(
    request: HttpRequest,
    submission: Submission,
    revisions: list[Revision],
    beside: Revision | None,
) -> dict[str, Any]:
    newest, *earlier = revisions
    asked_for = CompareForm(request.GET, numbers=[row.number for row in earlier]).number()
    before = beside or next(
        (row for row in earlier if row.number == asked_for), next(iter(earlier), None)
    )
    prefetch_related_objects([newest, *([before] if before else [])], "declaration", "attachments")
    if before is None:
        return {"difference": None, "earlier_revisions": []}
    newest.submission = before.submission = submission
    return {"difference": difference(before, newest), "earlier_revisions": earlier}
