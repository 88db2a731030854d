"""Deciding: recorded and pending, its letter edited, read once more and published, or dropped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from organizations.people import signed_in
from submissions import actions, emails, permissions
from submissions.admin.acts import act, model_admin
from submissions.admin.neighbours import neighbours
from submissions.admin.review import outcomes_of, reviewed
from submissions.forms.review import DecisionForm, EmptyForm, LetterForm, PublishForm
from submissions.letters import draft_letters
from submissions.models import Decision, Submission
from submissions.workflow import DECIDING_ARROWS


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
    """Keep the letter; one of the two buttons goes on to what would be sent."""
    user = signed_in(request)
    form = LetterForm(request.POST)
    goes_on = reverse("admin:submissions_submission_confirm", args=[object_id, decision_id])
    return act(
        request,
        object_id,
        "letter_form",
        form,
        lambda row: actions.edit_letter(
            _decision(row, decision_id), by=user, letter=form.cleaned_data["letter"]
        ),
        then=goes_on if "confirm" in request.POST else "",
    )


@require_safe
def confirm(request: HttpRequest, object_id: int, decision_id: int) -> HttpResponse:
    """Exactly what publishing would send, to whom, and what changes; the button is here."""
    user = signed_in(request)
    submission = reviewed(user, object_id)
    decision = get_object_or_404(
        submission.decisions.select_related("made_by", "reason"), pk=decision_id
    )
    place = neighbours(request, submission.pk)
    if not decision.is_pending or not permissions.can_decide(user, submission):
        messages.warning(request, _("There is nothing for you to publish here any more."))
        return redirect(
            reverse("admin:submissions_submission_change", args=[submission.pk]) + place.carried
        )
    decision.submission = submission
    letters = emails.decision_letters(decision)
    context = {
        **model_admin().admin_site.each_context(request),
        "title": _("Publish this decision?"),
        "submission": submission,
        "decision": decision,
        "letters": letters,
        "then": submission.workflow.state(DECIDING_ARROWS[decision.outcome]),
        "read": actions.mark_of_letters(letters),
        "place": place,
        "carried": place.carried,
    }
    return render(request, "admin/submissions/submission/publish.html", context)


@require_POST
def publish(request: HttpRequest, object_id: int, decision_id: int) -> HttpResponse:
    """Make this decision count, with the letters as this person has just read them."""
    user = signed_in(request)
    reviewed(user, object_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Read what goes out first, then publish it."))
        return redirect("admin:submissions_submission_confirm", object_id, decision_id)
    return act(
        request,
        object_id,
        "publish_form",
        form,
        lambda row: actions.publish_decision(
            _decision(row, decision_id), by=user, read=form.cleaned_data["read"]
        ),
    )


@require_POST
def drop(request: HttpRequest, object_id: int, decision_id: int) -> HttpResponse:
    user = signed_in(request)
    return act(
        request,
        object_id,
        "drop",
        EmptyForm(request.POST),
        lambda row: actions.drop_decision(_decision(row, decision_id), by=user),
    )


def _decision(submission: Submission, decision_id: int) -> Decision:
    """The very decision that the page showed; the action says if it counts no more."""
    return get_object_or_404(submission.decisions, pk=decision_id)
