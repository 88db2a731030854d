"""The review page of one submission, and the addresses of what is done there."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from organizations.due_diligence.rules import current_cycle, missing_for_clearance
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import is_reviewer
from submissions import actions, permissions
from submissions.answers import sections
from submissions.forms.review import DecisionForm, LetterForm, NoteForm, StepForm
from submissions.labels import DECLARATION_TITLE
from submissions.letters import draft_letters
from submissions.models import Decision, Submission
from submissions.timeline import staff_timeline
from submissions.workflow import DECIDING_ARROWS

# The steps of the review that have a button; the arrow's name is the action's.
STEPS: dict[str, Callable[..., Submission]] = {
    "start_review": actions.start_review,
    "confirm_eligibility": actions.confirm_eligibility,
    "put_for_decision": actions.put_for_decision,
}

_NUMBER = re.compile(r"[0-9]{1,18}")

# What is said once it is done, by the name of the form that asked for it.
_DONE = {
    "step": _("Done. The case has moved on."),
    "step_form": _("Taken up again."),
    "decision_form": _("The decision is pending. Read the letter, then publish it."),
    "letter_form": _("The letter is saved."),
    "publish": _("Published. The letter is on its way."),
    "drop": _("The pending decision was dropped. Nobody outside has seen it."),
    "note_form": _("The note is kept. The applicant does not see it."),
}


def page(
    model_admin: admin.ModelAdmin[Submission],
    request: HttpRequest,
    object_id: str,
    *,
    status: int = 200,
    **forms: Form,
) -> HttpResponse:
    """The submission laid out like its form, with everything that this reviewer may do now.

    `forms` holds what was typed and refused, by the name under which the template shows it.
    """
    user = signed_in(request)
    submission = _reviewed(user, object_id)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "title": submission.title,
        "submission": submission,
        **_case(submission),
        **_possible(user, submission),
        "note_form": NoteForm(),
        "step_form": StepForm(),
        **forms,
    }
    return render(request, "admin/submissions/submission/review.html", context, status=status)


def _case(submission: Submission) -> dict[str, Any]:
    """What is known: answers, organization, decisions, notes, history."""
    revision = submission.revisions.prefetch_related("declaration").latest("number")
    statements = list(revision.declaration.all())
    cannot_confirm = [answer for answer in statements if answer.explanation]
    cycle = current_cycle(submission.organization)
    return {
        "sections": sections(submission.kind, revision.answers),
        # What could not be confirmed is what a reviewer reads first.
        "cannot_confirm": cannot_confirm,
        "statements": statements,
        "declaration_title": DECLARATION_TITLE,
        "organization": submission.organization,
        "cycle": cycle,
        "missing": missing_for_clearance(submission.organization, cycle),
        "decisions": submission.decisions.select_related("reason", "made_by", "published_by"),
        "notes": submission.notes.select_related("made_by"),
        "moments": staff_timeline(submission),
    }


def _possible(user: User, submission: Submission) -> dict[str, Any]:
    """The buttons: only what this person may do with this submission as it is now."""
    pending = submission.decisions.pending().select_related("made_by", "reason").first()
    can_decide = permissions.can_decide(user, submission)
    arrows = permissions.review_arrows(user, submission)
    arrows_with_button = [arrow for arrow in arrows if arrow.name in STEPS]
    outcomes = _outcomes(submission)
    may_decide_now = can_decide and pending is None and bool(outcomes)
    return {
        "can_review": permissions.can_review(user, submission),
        "steps": arrows_with_button,
        "can_reopen": any(arrow.name == "reopen" for arrow in arrows),
        "pending": pending,
        "can_decide": can_decide,
        "waits_for_senior": bool(outcomes) and not can_decide and not arrows_with_button,
        "decision_form": DecisionForm(outcomes=outcomes) if may_decide_now else None,
        "letters": _labelled_letters(submission, outcomes) if may_decide_now else [],
        "letter_form": LetterForm(initial={"letter": pending.letter}) if pending else None,
    }


def _outcomes(submission: Submission) -> list[tuple[str, Text]]:
    """The decisions that its present state allows, whoever takes them."""
    return [
        (name, arrow.label)
        for name in DECIDING_ARROWS
        if (arrow := submission.workflow.find(name, submission.status))
    ]


def _labelled_letters(
    submission: Submission, outcomes: list[tuple[str, Text]]
) -> list[tuple[Text, str]]:
    letters = draft_letters(submission, [name for name, _label in outcomes])
    return [(label, letters[name]) for name, label in outcomes]


def _reviewed(user: User, object_id: str | int) -> Submission:
    """A received submission, for reviewers; nobody reviews their own organization."""
    if not is_reviewer(user):
        raise PermissionDenied
    submission = (
        Submission.objects.received()
        .select_related("organization__country", "organization__type", "assignee", "submitted_by")
        .filter(pk=object_id if _NUMBER.fullmatch(str(object_id)) else 0)
        .first()
    )
    if submission is None:
        raise Http404
    if not permissions.can_review(user, submission):
        raise PermissionDenied
    return submission


def _model_admin() -> admin.ModelAdmin[Submission]:
    return admin.site._registry[Submission]


def _act(
    request: HttpRequest,
    object_id: int,
    name: str,
    form: Form,
    act: Callable[[Submission], Any],
    *,
    done: str = "",
) -> HttpResponse:
    """Run one action; what was refused or mistyped comes back with the page, nothing lost.

    `name` is the form's in the template; `done` says what is told afterwards, if not the same.
    """
    submission = _reviewed(signed_in(request), object_id)
    if not form.is_valid():
        return page(_model_admin(), request, str(object_id), status=422, **{name: form})
    try:
        act(submission)
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        messages.error(request, refused.message)
        return page(_model_admin(), request, str(object_id), status=409, **{name: form})
    messages.success(request, _DONE[done or name])
    return redirect("admin:submissions_submission_change", object_id)


@require_POST
def step(request: HttpRequest, object_id: int, arrow: str) -> HttpResponse:
    """Walk one arrow of the review. Reopening asks for a reason."""
    user = signed_in(request)
    if arrow == "reopen":
        form = StepForm(request.POST)
        return _act(
            request,
            object_id,
            "step_form",
            form,
            lambda row: actions.reopen(row, by=user, reason=form.cleaned_data["reason"]),
        )
    if arrow not in STEPS:
        raise Http404
    return _act(request, object_id, "step", Form({}), lambda row: STEPS[arrow](row, by=user))


@require_POST
def decide(request: HttpRequest, object_id: int) -> HttpResponse:
    """Record a decision; it is pending until it is published."""
    user = signed_in(request)
    possible = _outcomes(_reviewed(user, object_id))
    # Where none is possible any more, the action says why; what was typed stays.
    form = DecisionForm(request.POST, outcomes=possible or list(Decision.Outcome.choices))
    return _act(
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
    return _act(
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
    return _act(
        request,
        object_id,
        "letter_form",
        form,
        done="publish",
        act=lambda row: actions.publish_decision(
            _decision(row, decision_id), by=user, letter=form.cleaned_data["letter"]
        ),
    )


@require_POST
def drop(request: HttpRequest, object_id: int, decision_id: int) -> HttpResponse:
    user = signed_in(request)
    return _act(
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
    return _act(
        request,
        object_id,
        "note_form",
        form,
        lambda row: actions.write_note(row, by=user, text=form.cleaned_data["text"]),
    )
