"""What members see of their organization's submissions: one page each, and the dashboard."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from alliance.exceptions import ActionRefused
from organizations.people import signed_in
from submissions import actions, permissions
from submissions.answers import sections
from submissions.labels import DECLARATION_TITLE
from submissions.models import Submission
from submissions.timeline import timeline


@require_safe
def detail(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    submission = _visible(request, submission_uuid)
    if submission.is_draft:
        return redirect("apply")
    revision = submission.revisions.prefetch_related("declaration").latest("number")
    context = {
        "submission": submission,
        "sections": sections(submission.kind, revision.answers),
        "statements": revision.declaration.all(),
        "declaration_title": DECLARATION_TITLE,
        "letter": submission.decisions.filter(published_at__isnull=False).first(),
        "is_decided": not submission.state.is_open,
        "moments": timeline(submission),
        "can_withdraw": permissions.can_withdraw(user, submission),
    }
    return render(request, "submissions/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    submission = _visible(request, submission_uuid)
    if not permissions.can_withdraw(user, submission):
        return redirect(submission)
    if request.method == "POST":
        try:
            actions.withdraw(submission, by=user)
        except ActionRefused as refused:
            messages.error(request, refused.message)
        return redirect(submission)
    return render(request, "submissions/withdraw.html", {"submission": submission})


def _visible(request: HttpRequest, submission_uuid: uuid.UUID) -> Submission:
    submissions = Submission.objects.visible_to(signed_in(request))
    return get_object_or_404(
        submissions.select_related("organization", "submitted_by"), uuid=submission_uuid
    )
