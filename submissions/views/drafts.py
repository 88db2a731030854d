"""The drafts of an organization: the list, throwing one away, a copy of what was sent; blank forms."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.serving import hand_out
from alliance.middleware import public
from organizations.people import signed_in
from organizations.permissions import member_of
from submissions import actions, permissions
from submissions.forms import FORMS
from submissions.headline import headline
from submissions.labels import FORM_TITLES
from submissions.models import Attachment, Submission


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """What the organization has begun and not sent, last touched first."""
    user = signed_in(request)
    membership = member_of(user)
    if membership is None:
        return redirect("dashboard")
    rows = list(
        Submission.objects.filter(organization=membership.organization)
        .drafts()
        .select_related("saved_by")
    )
    rows.sort(key=lambda row: row.touched_last, reverse=True)
    context = {
        "drafts": [(row, draft_title(row)) for row in rows],
        "can_apply": permissions.can_apply(user, membership.organization),
    }
    return render(request, "submissions/drafts.html", context)


def draft_title(draft: Submission) -> str:
    """What tells one draft from another: its first sentence; empty where there is none yet."""
    return headline(" ".join(draft.typed.get("description", ())))


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """Throw a draft away, after asking once."""
    draft = _own(request, submission_uuid)
    if not draft.is_draft:
        return redirect(draft)
    if not permissions.can_write(signed_in(request), draft):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.discard_draft(draft, by=signed_in(request))
        except ActionRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("The draft is deleted."))
        return redirect("drafts")
    return render(
        request, "submissions/discard.html", {"submission": draft, "title": draft_title(draft)}
    )


@require_POST
def copy(request: HttpRequest, submission_uuid: uuid.UUID) -> HttpResponse:
    """Begin a new draft with the answers of an old one."""
    submission = _own(request, submission_uuid)
    if not permissions.can_apply(signed_in(request), submission.organization):
        raise PermissionDenied
    try:
        draft = actions.copy_to_draft(submission, by=signed_in(request))
    except ActionRefused as refused:
        messages.error(request, refused.message)
        return redirect(submission)
    messages.success(
        request,
        _("This is a copy, without the declaration. Nothing of it is sent yet.")
        if draft.is_application
        else _("This is a copy, without the documents. Nothing of it is sent yet."),
    )
    return redirect("submissions:edit", draft.uuid)


@require_safe
def document(
    request: HttpRequest, submission_uuid: uuid.UUID, document_uuid: uuid.UUID
) -> HttpResponseBase:
    """A document as it was sent, for members; the secretariat has it in the admin."""
    documents = Attachment.objects.visible_to(signed_in(request))
    return hand_out(
        get_object_or_404(documents, pk=document_uuid, submission__uuid=submission_uuid)
    )


@public
@require_safe
def blank(request: HttpRequest, kind: str) -> HttpResponse:
    """The form to be looked at, and printed, before registering."""
    context = {"form": FORMS[kind]().on_paper(), "kind": kind, "title": FORM_TITLES[kind]}
    return render(request, "submissions/blank.html", context)


def _own(request: HttpRequest, submission_uuid: uuid.UUID) -> Submission:
    submissions = Submission.objects.visible_to(signed_in(request))
    return get_object_or_404(submissions.select_related("organization"), uuid=submission_uuid)
