"""Reviewers ask applicants, settle what was answered, and take the history along."""

from collections.abc import Callable

from django.contrib import admin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from organizations.people import signed_in
from submissions import actions
from submissions.admin.acts import act
from submissions.admin.review import page, reviewed
from submissions.downloads import download
from submissions.forms.clarification import ROWS, QuestionsForm
from submissions.history import history_for_staff
from submissions.models import ClarificationItem, Submission


@require_POST
def ask(request: HttpRequest, object_id: int) -> HttpResponse:
    """Send a round of questions; the other button gives the page more room for them."""
    user = signed_in(request)
    submission = reviewed(user, object_id)
    if "more" in request.POST:
        wider = QuestionsForm(initial=request.POST.dict(), submission=submission, more=ROWS)
        return page(
            admin.site.get_model_admin(Submission), request, str(object_id), questions_form=wider
        )
    form = QuestionsForm(request.POST, submission=submission)
    return act(
        request,
        object_id,
        "questions_form",
        form,
        lambda row: actions.ask(
            row, by=user, questions=form.questions(), due_on=form.cleaned_data["due_on"]
        ),
    )


@require_POST
def settle(request: HttpRequest, object_id: int, item_id: int) -> HttpResponse:
    return _mark(request, object_id, item_id, actions.settle, done="settle")


@require_POST
def unsettle(request: HttpRequest, object_id: int, item_id: int) -> HttpResponse:
    return _mark(request, object_id, item_id, actions.unsettle, done="unsettle")


def _mark(
    request: HttpRequest,
    object_id: int,
    item_id: int,
    mark: Callable[..., ClarificationItem],
    *,
    done: str,
) -> HttpResponse:
    user = signed_in(request)
    return act(
        request,
        object_id,
        "settle_form",
        Form({}),
        lambda row: mark(_item(row, item_id), by=user),
        done=done,
    )


def _item(submission: Submission, item_id: int) -> ClarificationItem:
    return get_object_or_404(ClarificationItem, clarification__submission=submission, pk=item_id)


@require_safe
def timeline(request: HttpRequest, object_id: int) -> HttpResponse:
    """The whole trail as a table, the secretariat's own part included."""
    submission = reviewed(signed_in(request), object_id)
    name = f"{submission.reference}-timeline.csv"
    return download(history_for_staff(submission), name, "text/csv; charset=utf-8")


# For the addresses of the review page: route -> name and view.
ACTS: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "ask/": ("ask", ask),
    "questions/<int:item_id>/settle/": ("settle", settle),
    "questions/<int:item_id>/unsettle/": ("unsettle", unsettle),
    "timeline.csv": ("timeline", timeline),
}
