"""The Expression of Interest: write it, check it, send it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance import unsent
from alliance.exceptions import ActionRefused
from alliance.files.uploads import accepts_files
from alliance.models import StagedUpload
from alliance.unsent import keeps_typed
from organizations.login.proof import ask_for_proof, is_proof_recent
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import member_of
from submissions import actions, permissions
from submissions.answers import Answers, sections
from submissions.forms import ApplicationForm
from submissions.forms.application import LOGO_MAX_BYTES
from submissions.labels import DECLARATION_TITLE
from submissions.models import Kind, Submission
from submissions.prefill import application_initial, kept_logo
from submissions.typed import as_initial, as_posted, cut_fields, typed_from


@accepts_files(logo=LOGO_MAX_BYTES)
@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form over the organization's one open draft; every POST saves it first."""
    user = signed_in(request)
    membership = member_of(user)
    if membership is None:
        raise PermissionDenied
    submission = (
        Submission.objects.applications()
        .open()
        .filter(organization=membership.organization)
        .first()
    )
    if submission is not None and not submission.is_draft:
        messages.info(request, _("Your organization has an open Expression of Interest already."))
        return redirect(submission)
    if not permissions.can_apply(user, membership.organization):
        messages.error(request, _("Only owners and editors of your organization can apply."))
        return redirect("dashboard")
    if request.method == "POST":
        submission = actions.start_draft(membership.organization, Kind.EXPRESSION_OF_INTEREST, by=user)
        return _save(request, submission, by=user)
    typed = unsent.bring_back(request)
    if typed is not None and _version_in(typed) != (submission.version if submission else 0):
        messages.warning(request, actions.NEWER_VERSION)
    form = ApplicationForm(initial=_initial(submission, user, typed))
    return _page(request, form, submission)


def _initial(
    submission: Submission | None, user: User, unsent_text: QueryDict | None
) -> dict[str, Any]:
    """What the form starts from: the profile, and the draft or what was typed but never arrived."""
    membership = member_of(user)
    if membership is None:
        raise PermissionDenied
    initial = application_initial(membership.organization, membership)
    draft = submission or Submission(
        organization=membership.organization, logo=membership.organization.logo.name
    )
    fields = ApplicationForm().fields
    typed = draft.typed if unsent_text is None else typed_from(unsent_text, fields)
    return initial | as_initial(typed, fields) | {"logo": kept_logo(draft)}


def _save(request: HttpRequest, submission: Submission, *, by: User) -> HttpResponse:
    """Save what was posted, then stay, or go on to the check page where nothing is wrong."""
    form = ApplicationForm(request.POST, request.FILES, initial={"logo": kept_logo(submission)})
    is_valid = form.is_valid()
    logo = form.cleaned_data.get("logo")
    try:
        submission = actions.save_draft(
            submission,
            by=by,
            typed=typed_from(request.POST, form.fields),
            version=_version_in(request.POST),
            logo=logo if isinstance(logo, StagedUpload) else None,
            remove_logo="logo" in form.cleaned_data and logo is None,
        )
    except actions.NewerVersionSaved as newer:
        return _conflict(request, form, newer)
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect("dashboard")
    for label in cut_fields(request.POST, form.fields):
        messages.warning(
            request,
            _("“%(field)s” is too long to be kept whole. Please shorten it.") % {"field": label},
        )
    if "save" in request.POST:
        messages.success(request, _("Saved. You can go on at any time."))
        return redirect("apply")
    if is_valid:
        return redirect("submissions:check", submission.uuid)
    return _page(request, form, submission, status=422)


def _conflict(
    request: HttpRequest, posted: ApplicationForm, newer: actions.NewerVersionSaved
) -> HttpResponse:
    """What was typed beside what a colleague saved meanwhile; the next press decides."""
    typed = typed_from(request.POST, posted.fields)
    saved = newer.current.typed
    form = ApplicationForm(
        initial=as_initial(typed, posted.fields) | {"logo": kept_logo(newer.current)}
    )
    logo = posted.cleaned_data.get("logo")
    if isinstance(logo, StagedUpload):
        form.initial["logo"] = None
        form.fields["logo"].widget.held = logo
    differing = [
        form.fields[name].label
        for name in posted.fields
        if typed.get(name) != saved.get(name) and not name.startswith("logo")
    ]
    context = {"form": form, "submission": newer.current, "differing": differing}
    return render(request, "submissions/apply.html", context, status=409)


def _version_in(posted: QueryDict) -> int:
    value = posted.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def _page(
    request: HttpRequest, form: ApplicationForm, submission: Submission | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "submission": submission}
    return render(request, "submissions/apply.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """Everything laid out once more; Submit asks for a fresh proof of identity, then sends."""
    user = signed_in(request)
    submission = _own(user, submission_uuid)
    if not submission.is_draft:
        return redirect("submissions:received", submission.uuid)
    if not permissions.can_apply(user, submission.organization):
        raise PermissionDenied
    form = ApplicationForm(as_posted(submission.typed), initial={"logo": kept_logo(submission)})
    if not form.is_valid():
        messages.error(request, _("Some answers are missing or need another look."))
        return redirect("apply")
    if request.method == "POST":
        return _send(request, submission, form.answers(), by=user)
    return _check_page(request, submission, form.answers())


def _check_page(
    request: HttpRequest, submission: Submission, answers: Answers, status: int = 200
) -> HttpResponse:
    context = {
        "submission": submission,
        "sections": sections(submission.kind, answers.values),
        "statements": answers.statements,
        "declaration_title": DECLARATION_TITLE,
        "needs_proof": not is_proof_recent(request),
    }
    return render(request, "submissions/check.html", context, status=status)


def _send(
    request: HttpRequest, submission: Submission, answers: Answers, *, by: User
) -> HttpResponse:
    if not is_proof_recent(request):
        return ask_for_proof(request)
    try:
        actions.submit(submission, by=by, version=_version_in(request.POST), answers=answers)
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect("submissions:check", submission.uuid)
    return redirect("submissions:received", submission.uuid)


@require_safe
def received(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The confirmation: the number, what happens next, and how long it usually takes."""
    submission = _own(signed_in(request), submission_uuid)
    if submission.is_draft:
        return redirect("apply")
    return render(request, "submissions/received.html", {"submission": submission})


def _own(user: User, submission_uuid: uuid.UUID) -> Submission:
    submissions = Submission.objects.visible_to(user).select_related("organization")
    return get_object_or_404(submissions, uuid=submission_uuid)
