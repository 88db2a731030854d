"""What the review page shows of questions and revisions."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from organizations.people import signed_in
from submissions import permissions
from submissions.differences import difference
from submissions.forms.clarification import CompareForm, QuestionsForm
from submissions.models import Submission
from submissions.rounds import rounds_of


def part(request: HttpRequest, submission: Submission) -> dict[str, Any]:
    """The rounds with their marks, a form for the next one, and what the last answers changed."""
    can_ask = permissions.can_ask(signed_in(request), submission)
    return {
        "rounds": rounds_of(submission),
        "questions_form": QuestionsForm(submission=submission) if can_ask else None,
        **_compared(request, submission),
    }


def _compared(request: HttpRequest, submission: Submission) -> dict[str, Any]:
    newest, *earlier = submission.revisions.select_related("made_by")
    if not earlier:
        return {"difference": None, "earlier_revisions": []}
    asked_for = CompareForm(request.GET, numbers=[row.number for row in earlier]).number()
    before = next((row for row in earlier if row.number == asked_for), earlier[0])
    prefetch_related_objects([newest, before], "declaration", "attachments")
    newest.submission = before.submission = submission
    return {"difference": difference(before, newest), "earlier_revisions": earlier}
