"""What is done on the review page of a submission: an address for each act."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.serving import hand_out
from organizations.people import signed_in
from submissions import actions
from submissions.actions.changes import TAKEN_BACK
from submissions.admin.neighbours import Neighbours, carried, neighbours
from submissions.admin.review import (
    STEPS,
    STEPS_WITH_WORDS,
    page,
    reviewed,
    words_form,
)
from submissions.forms.review import StepForm
from submissions.models import Change, Submission

# What is said once it is done, by the name of the form that asked for it.
_DONE = {
    "step": _("Done. The case has moved on."),
    "reopen": _("Taken up again."),
    "pause": _("Paused. Your words are on their way to the organization."),
    "resume": _("Shown again. Your words are on their way to the organization."),
    "close": _("Closed. Your words are on their way to the organization."),
    "decision_form": _("The decision is pending. Read the letter, then publish it."),
    "letter_form": _("The letter is saved."),
    "publish_form": _("Published. The letter is on its way."),
    "drop": _("The pending decision was dropped. Nobody outside has seen it."),
    "accept_change": _("The new version is shown from now on."),
    "refuse_form": _("The change is not accepted. Your words are on their way."),
    "questions_form": _("The questions are on their way. The applicant has the next turn."),
    "settle": _("Settled."),
    "unsettle": _("Open again."),
    "read": _("Marked as read."),
    "assign_form": _("Kept. Who gets a case from a colleague is told by mail."),
    "note_form": _("The note is kept. The applicant does not see it."),
}


def model_admin() -> admin.ModelAdmin[Submission]:
    return admin.site.get_model_admin(Submission)


def act(
    request: HttpRequest,
    object_id: int,
    name: str,
    form: Form,
    action: Callable[[Submission], Any],
    *,
    done: str = "",
    then: str = "",
) -> HttpResponse:
    """Run one action; what was refused or mistyped comes back with the page, nothing lost.

    `name` is the form's in the template; `done` says what is told afterwards, if not the same.
    `then` is the address to go on to, if not the case's own. The button `next` goes on to what
    follows in the queue: that is looked up first, as the act may take the case out of its view.
    """
    submission = reviewed(signed_in(request), object_id)
    if not form.is_valid():
        return page(model_admin(), request, str(object_id), status=422, **{name: form})
    place = neighbours(request, object_id) if "next" in request.POST else None
    try:
        action(submission)
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        messages.error(request, refused.message)
        return page(model_admin(), request, str(object_id), status=409, **{name: form})
    messages.success(request, _DONE[done or name])
    if place is not None:
        return _go_on(request, submission, place)
    address = then or reverse("admin:submissions_submission_change", args=[object_id])
    return redirect(address + carried(request))


def _go_on(request: HttpRequest, done: Submission, place: Neighbours) -> HttpResponse:
    """To the next case of the view; the one that is done stays within reach."""
    messages.info(request, _("Done: %(reference)s.") % {"reference": done.reference})
    if place.after is None:
        messages.info(request, _("That was the last one here."))
        return redirect(place.queue)
    return redirect(place.next_address)


@require_POST
def step(request: HttpRequest, object_id: int, arrow: str) -> HttpResponse:
    """Walk one arrow. Those that change what was decided ask for words first."""
    user = signed_in(request)
    if arrow == "reopen":
        return _step_with_words(
            request, object_id, arrow, lambda row, words: actions.reopen(row, by=user, reason=words)
        )
    if arrow in STEPS_WITH_WORDS:
        action = getattr(actions, arrow)
        return _step_with_words(
            request, object_id, arrow, lambda row, words: action(row, by=user, words=words)
        )
    if arrow not in STEPS:
        raise Http404
    action = getattr(actions, arrow)
    return act(request, object_id, "step", Form({}), lambda row: action(row, by=user))


def _step_with_words(
    request: HttpRequest, object_id: int, arrow: str, action: Callable[[Submission, str], Any]
) -> HttpResponse:
    form = StepForm(request.POST, auto_id=f"id_{arrow}_%s")
    return act(
        request,
        object_id,
        words_form(arrow),
        form,
        lambda row: action(row, form.cleaned_data["reason"]),
        done=arrow,
    )


@require_POST
def accept_change(request: HttpRequest, object_id: int, change_id: int) -> HttpResponse:
    """Show the very version that the page showed, from now on."""
    user = signed_in(request)
    return act(
        request,
        object_id,
        "accept_change",
        Form({}),
        lambda row: actions.accept_change(_changed(row, change_id), by=user),
    )


@require_POST
def refuse_change(request: HttpRequest, object_id: int, change_id: int) -> HttpResponse:
    user = signed_in(request)
    form = StepForm(request.POST, auto_id="id_refuse_%s")
    return act(
        request,
        object_id,
        "refuse_form",
        form,
        lambda row: actions.refuse_change(
            _changed(row, change_id), by=user, words=form.cleaned_data["reason"]
        ),
    )


def _changed(submission: Submission, change_id: int) -> Change:
    """The change that the page showed; one that was taken back since is there no more."""
    if not Change.objects.filter(pk=change_id).exists():
        raise ActionRefused(TAKEN_BACK)
    changes = Change.objects.filter(revision__submission=submission)
    return get_object_or_404(changes.select_related("revision__submission"), pk=change_id)


@require_safe
def attachment(
    request: HttpRequest, object_id: int, attachment_uuid: uuid.UUID
) -> HttpResponseBase:
    """A document that came with it, for its reviewers; only once a scan has found it clean."""
    submission = reviewed(signed_in(request), object_id)
    return hand_out(get_object_or_404(submission.attachments, pk=attachment_uuid))
