"""What is done on the review page of a submission: an address for each act."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.serving import hand_out
from organizations.people import signed_in
from submissions import actions
from submissions.actions.changes import TAKEN_BACK
from submissions.admin.review import (
    STEPS,
    STEPS_WITH_WORDS,
    outcomes_of,
    page,
    reviewed,
    words_form,
)
from submissions.forms.review import DecisionForm, LetterForm, NoteForm, StepForm
from submissions.letters import draft_letters
from submissions.models import Change, Decision, Submission

# What is said once it is done, by the name of the form that asked for it.
_DONE = {
    "step": _("Done. The case has moved on."),
    "reopen": _("Taken up again."),
    "pause": _("Paused. Your words are on their way to the organization."),
    "resume": _("Shown again. Your words are on their way to the organization."),
    "close": _("Closed. Your words are on their way to the organization."),
    "decision_form": _("The decision is pending. Read the letter, then publish it."),
    "letter_form": _("The letter is saved."),
    "publish": _("Published. The letter is on its way."),
    "drop": _("The pending decision was dropped. Nobody outside has seen it."),
    "accept_change": _("The new version is shown from now on."),
    "refuse_form": _("The change is not accepted. Your words are on their way."),
    "questions_form": _("The questions are on their way. The applicant has the next turn."),
    "settle": _("Settled."),
    "unsettle": _("Open again."),
    "note_form": _("The note is kept. The applicant does not see it."),
}


def _model_admin() -> admin.ModelAdmin[Submission]:
    return admin.site._registry[Submission]


def act(
    request: HttpRequest,
    object_id: int,
    name: str,
    form: Form,
    action: Callable[[Submission], Any],
    *,
    done: str = "",
) -> HttpResponse:
    """Run one action; what was refused or mistyped comes back with the page, nothing lost.

    `name` is the form's in the template; `done` says what is told afterwards, if not the same.
    """
    submission = reviewed(signed_in(request), object_id)
    if not form.is_valid():
        return page(_model_admin(), request, str(object_id), status=422, **{name: form})
    try:
        action(submission)
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        messages.error(request, refused.message)
        return page(_model_admin(), request, str(object_id), status=409, **{name: form})
    messages.success(request, _DONE[done or name])
    return redirect("admin:submissions_submission_change", object_id)


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
def decide(request: HttpRequest, object_id: int) -> HttpResponse:
    """Record a decision; it is pending until it is published."""
    user = signed_in(request)
    possible = outcomes_of(reviewed(user, object_id))
    # Where none is possible any more, the action says why; what was typed stays.
    form = DecisionForm(request.POST, outcomes=possible or list(Decision.Outcome.choices))
    return act(
        request,
        object_id,
        "decision_form",
        form,
        lambda row: actions.decide(
            row,
            by=user,
            outcome=form.cleaned_data["outcome"],
            reason=form.reason(),
            explanation=form.cleaned_data["explanation"],
            letter=form.cleaned_data["letter"] or _drafted(row, form),
        ),
    )


def _drafted(submission: Submission, form: DecisionForm) -> str:
    outcome = form.cleaned_data["outcome"]
    return draft_letters(submission, [outcome], reason=form.reason().label)[outcome]


@require_POST
def letter(request: HttpRequest, object_id: int, decision_id: int) -> HttpResponse:
    user = signed_in(request)
    form = LetterForm(request.POST)
    return act(
        request,
        object_id,
        "letter_form",
        form,
        lambda row: actions.edit_letter(
            _decision(row, decision_id), by=user, letter=form.cleaned_data["letter"]
        ),
    )


@require_POST
def publish(request: HttpRequest, object_id: int, decision_id: int) -> HttpResponse:
    """Make this decision count, with the letter as it stands in the form."""
    user = signed_in(request)
    form = LetterForm(request.POST)
    return act(
        request,
        object_id,
        "letter_form",
        form,
        done="publish",
        action=lambda row: actions.publish_decision(
            _decision(row, decision_id), by=user, letter=form.cleaned_data["letter"]
        ),
    )


@require_POST
def drop(request: HttpRequest, object_id: int, decision_id: int) -> HttpResponse:
    user = signed_in(request)
    return act(
        request,
        object_id,
        "drop",
        Form({}),
        lambda row: actions.drop_decision(_decision(row, decision_id), by=user),
    )


def _decision(submission: Submission, decision_id: int) -> Decision:
    """The very decision that the page showed; the action says if it counts no more."""
    return get_object_or_404(submission.decisions, pk=decision_id)


@require_POST
def note(request: HttpRequest, object_id: int) -> HttpResponse:
    user = signed_in(request)
    form = NoteForm(request.POST)
    return act(
        request,
        object_id,
        "note_form",
        form,
        lambda row: actions.write_note(row, by=user, text=form.cleaned_data["text"]),
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
def attachment(request: HttpRequest, object_id: int, attachment_uuid: uuid.UUID) -> FileResponse:
    """A document that came with it, for its reviewers; only once a scan has found it clean."""
    submission = reviewed(signed_in(request), object_id)
    return hand_out(get_object_or_404(submission.attachments, pk=attachment_uuid))
