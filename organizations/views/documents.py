import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.serving import hand_out
from alliance.files.uploads import accepts_documents
from organizations.actions.documents import add_document, remove_document
from organizations.forms.profile import DOCUMENT_MAX_BYTES, DocumentForm
from organizations.models import OrganizationDocument
from organizations.people import signed_in
from organizations.permissions import can_edit_profile, member_of


@accepts_documents(file=DOCUMENT_MAX_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Send a paper."""
    user = signed_in(request)
    membership = member_of(user)
    if membership is None or not can_edit_profile(user, membership.organization):
        raise PermissionDenied
    form = DocumentForm(request.POST or None, request.FILES or None, sender=user)
    if request.method == "POST" and form.is_valid():
        try:
            add_document(
                membership.organization,
                by=user,
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
            )
        except ActionRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("The document is kept."))
            return redirect("organization")
    return render(request, "organizations/document_add.html", {"form": form})


@require_safe
def download(request: HttpRequest, document_uuid: uuid.UUID) -> HttpResponseBase:
    """The paper as it was sent, for its organization's members; reviewers have it in the admin."""
    documents = OrganizationDocument.objects.visible_to(signed_in(request))
    return hand_out(get_object_or_404(documents, pk=document_uuid))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, document_uuid: uuid.UUID) -> HttpResponse:
    user = signed_in(request)
    documents = OrganizationDocument.objects.visible_to(user).select_related("organization")
    document = get_object_or_404(documents, pk=document_uuid)
    if not can_edit_profile(user, document.organization):
        raise PermissionDenied
    if request.method == "POST":
        try:
            remove_document(document, by=user)
        except ActionRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("The document is removed."))
        return redirect("organization")
    return render(request, "organizations/document_remove.html", {"document": document})
