"""What is done from the queue: steps for several cases at once, and views to come back to."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import is_reviewer
from submissions import actions
from submissions.admin import queue_page
from submissions.forms.queue import BulkAssignForm, BulkForm, ViewForm
from submissions.models import SavedView, Submission
from submissions.queue.asked import Asked
from submissions.workload import colleagues

# So many refusals are told one by one.
_MOST_TOLD = 10


@require_POST
def start_reviews(request: HttpRequest) -> HttpResponse:
    user = _reviewer(request)

    def start(case: Submission) -> object:
        return actions.start_review(case, by=user)

    return _each(request, user, BulkForm(request.POST), start)


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the chosen cases to one colleague."""
    user = _reviewer(request)
    form = BulkAssignForm(request.POST, colleagues=colleagues())

    def give(case: Submission) -> object:
        return actions.assign(case, to=form.cleaned_data["to"], by=user)

    return _each(request, user, form, give)


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the chosen cases oneself."""
    user = _reviewer(request)

    def take_one(case: Submission) -> object:
        return actions.assign(case, to=user, by=user)

    return _each(request, user, BulkForm(request.POST), take_one)


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    user = _reviewer(request)
    return _keep(
        request,
        lambda name, query: actions.save_view(name=name, query=query, by=user),
        _("The view is saved. It stands beside the tabs."),
    )


@require_POST
def rename_view(request: HttpRequest, view_id: int) -> HttpResponse:
    user = _reviewer(request)
    view = get_object_or_404(SavedView, person=user, pk=view_id)
    return _keep(
        request,
        lambda name, query: actions.rename_view(view, name=name, by=user),
        _("The view has its new name."),
    )


@require_POST
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    view = get_object_or_404(SavedView, person=_reviewer(request), pk=view_id)
    actions.delete_view(view)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return _list()


def _reviewer(request: HttpRequest) -> User:
    user = signed_in(request)
    if not is_reviewer(user):
        raise PermissionDenied
    return user


def _list(state: str = "") -> HttpResponse:
    address = reverse("admin:submissions_submission_changelist")
    return redirect(f"{address}?{state}" if state else address)


def _each(
    request: HttpRequest, user: User, form: Form, act: Callable[[Submission], object]
) -> HttpResponse:
    """Act on each chosen case by itself; tell how many went, and of the others why they did not."""
    if not form.is_valid():
        for problems in form.errors.values():
            messages.error(request, str(problems[0]))
        return _list(form.cleaned_data.get("view", ""))
    chosen = form.cleaned_data["case"]
    done, refusals = 0, list[tuple[Submission, Text]]()
    found = Submission.objects.reviewable_by(user).filter(pk__in=chosen)
    for case in found.order_by("submitted_at", "id"):
        try:
            act(case)
            done += 1
        except ActionRefused as refused:
            refusals.append((case, refused.message))
    _tell(request, done, refusals, gone=len(chosen) - done - len(refusals))
    return _list(form.cleaned_data["view"])


def _tell(
    request: HttpRequest, done: int, refusals: list[tuple[Submission, Text]], *, gone: int
) -> None:
    if done:
        text = ngettext("Done for one case.", "Done for %(number)d cases.", done)
        messages.success(request, text % {"number": done})
    for case, reason in refusals[:_MOST_TOLD]:
        messages.warning(request, f"{case.reference}: {reason}")
    if (more := len(refusals) - _MOST_TOLD) and more > 0:
        text = ngettext(
            "One more case did not go either.", "%(number)d more cases did not go either.", more
        )
        messages.warning(request, text % {"number": more})
    if gone:
        text = ngettext(
            "One case is no longer in your list.",
            "%(number)d cases are no longer in your list.",
            gone,
        )
        messages.warning(request, text % {"number": gone})


def _keep(request: HttpRequest, action: Callable[[str, str], SavedView], done: str) -> HttpResponse:
    """Save or rename; what cannot be kept so comes back with the list."""
    form = ViewForm(request.POST)
    # Checked by hand: the person, without whom the model cannot tell, is not in the form.
    if form.is_valid():
        state = form.cleaned_data["view"]
        try:
            view = action(form.cleaned_data["name"], state)
        except ActionRefused as refused:
            form.add_error("name", refused.message)
        else:
            messages.success(request, done)
            return _list(view.query)
    asked = Asked.read(QueryDict(form.cleaned_data.get("view", "")))
    site_admin: admin.ModelAdmin[Any] = admin.site._registry[Submission]
    return queue_page.show(site_admin, request, asked, view_form=form, status=422)
