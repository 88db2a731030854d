"""One submission, for the organization that sent it: its page, its copy, its history as a file."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.uploads import Several, accepts_pictures_and_documents
from alliance.unsent import keeps_typed
from organizations.models import User
from organizations.people import signed_in
from submissions import actions, permissions
from submissions.copies import pdf_copy
from submissions.downloads import download
from submissions.forms.application import LOGO_MAX_BYTES
from submissions.history import history_for_members
from submissions.models import Attachment, Submission
from submissions.rounds import rounds_of
from submissions.views import clarification, submission_page


@accepts_pictures_and_documents(
    logo=LOGO_MAX_BYTES, attachments=Several(Attachment.MOST, Attachment.MAX_BYTES)
)
@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """All about it; questions of the secretariat are answered in place."""
    user = signed_in(request)
    submission = _visible(user, submission_uuid)
    if submission.is_draft:
        return redirect("submissions:edit", submission.uuid)
    if request.method == "POST":
        return clarification.answer(request, submission, by=user)
    rounds = rounds_of(submission)
    answering = clarification.present(request, submission, next(iter(rounds), None))
    return submission_page.show(request, submission, rounds=rounds, **answering)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """It ends the review, so it is asked about once more."""
    user = signed_in(request)
    submission = _visible(user, submission_uuid)
    if not permissions.can_withdraw(user, submission):
        return redirect(submission)
    if request.method == "POST":
        try:
            actions.withdraw(submission, by=user)
        except ActionRefused as refused:
            messages.error(request, refused.message)
        return redirect(submission)
    return render(request, "submissions/withdraw.html", {"submission": submission})


@require_safe
def copy_pdf(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The newest revision as a PDF, made when it is asked for."""
    submission = _sent(signed_in(request), submission_uuid)
    revision = submission.revisions.select_related("made_by").latest("number")
    return download(pdf_copy(revision), f"{submission.reference}.pdf", "application/pdf")


@require_safe
def timeline_csv(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """The timeline as a table, without what is the secretariat's own."""
    submission = _sent(signed_in(request), submission_uuid)
    name = f"{submission.reference}-timeline.csv"
    return download(history_for_members(submission), name, "text/csv; charset=utf-8")


def _visible(user: User, submission_uuid: uuid.UUID) -> Submission:
    submissions = Submission.objects.visible_to(user)
    return get_object_or_404(
        submissions.select_related("organization", "submitted_by", "saved_by"),
        uuid=submission_uuid,
    )


def _sent(user: User, submission_uuid: uuid.UUID) -> Submission:
    """One that was received: a draft has neither number nor history to hand out."""
    submissions = Submission.objects.visible_to(user).received()
    return get_object_or_404(submissions.select_related("organization"), uuid=submission_uuid)
