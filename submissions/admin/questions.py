"""What the review page shows of questions and revisions."""

from typing import Any

from django.http import HttpRequest

from organizations.people import signed_in
from submissions import permissions
from submissions.comparison import compared
from submissions.forms.clarification import QuestionsForm
from submissions.models import Revision, Submission
from submissions.rounds import rounds_of


def part(
    request: HttpRequest,
    submission: Submission,
    revisions: list[Revision],
    *,
    beside: Revision | None = None,
    since: Revision | None = None,
) -> dict[str, Any]:
    """The rounds with their marks, a form for the next one, and what the last answers changed.

    `revisions` are all of them, newest first; `beside` is the one to compare with, if not the one
    that is asked for; `since` the one that was the newest when this was last looked at.
    """
    can_ask = permissions.can_ask(signed_in(request), submission)
    return {
        "rounds": rounds_of(submission),
        "questions_form": QuestionsForm(submission=submission) if can_ask else None,
        **compared(submission, revisions, request.GET, beside=beside, since=since),
    }
