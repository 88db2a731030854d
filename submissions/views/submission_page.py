"""The page of one submission, drawn the same way wherever it is answered from."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from alliance.workflow import Turn
from organizations.people import signed_in
from submissions import permissions
from submissions.answers import sections
from submissions.comparison import compared
from submissions.forms import SubmissionForm
from submissions.labels import DECLARATION_TITLE
from submissions.models import Revision, Submission
from submissions.publication import Publication, publication_of
from submissions.rounds import Round, rounds_of
from submissions.timeline import timeline

_TURNS: dict[str, Text] = {
    Turn.APPLICANT: _("It is your turn."),
    Turn.SECRETARIAT: _("It is the secretariat’s turn."),
}


def show(
    request: HttpRequest,
    submission: Submission,
    *,
    rounds: list[Round] | None = None,
    form: SubmissionForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Questions first, then what changed, the answers, and the history beside them.

    `form` answers the open round; `more` says what it needs, and what came between: `differing`,
    `kept`.
    """
    user = signed_in(request)
    rounds = rounds_of(submission) if rounds is None else rounds
    is_open = bool(rounds) and rounds[0].clarification.is_open
    revisions = list(submission.revisions.select_related("made_by"))
    publication = publication_of(user, submission)
    shown = _in_force(submission, publication, revisions)
    comparison = compared(submission, revisions, request.GET)
    # Most often one of the two that were compared: then this asks nothing.
    prefetch_related_objects([shown], "attachments")
    context = {
        "submission": submission,
        "turn": _TURNS.get(submission.state.turn, ""),
        "form": form,
        "open_round": rounds[0] if is_open else None,
        "earlier_rounds": rounds[1:] if is_open else rounds,
        "revision": shown,
        **comparison,
        "sections": sections(submission.kind, shown.answers),
        "statements": shown.statements,
        "declaration_title": DECLARATION_TITLE,
        "attachments": shown.attachments.all(),
        "letter": submission.decisions.filter(published_at__isnull=False).first(),
        "is_decided": not submission.state.is_open,
        "moments": timeline(submission),
        "can_copy": permissions.can_copy(user, submission),
        "can_withdraw": permissions.can_withdraw(user, submission),
        "publication": publication,
        **more,
    }
    return render(request, "submissions/detail.html", context, status=status)


def _in_force(
    submission: Submission, publication: Publication | None, revisions: list[Revision]
) -> Revision:
    """The newest revision; of what was published, once no change waits, the one that is shown."""
    if publication is None or publication.is_change_waiting:
        return revisions[0]
    shown = (row for row in revisions if row.pk == submission.shown_revision_id)
    return next(shown, revisions[0])
