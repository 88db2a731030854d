"""One's own data: what is kept and why, the file with all of it, and the end of the account."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.serving import serve_private
from alliance.middleware import public
from organizations.login.proof import ask_for_proof, is_proof_recent
from organizations.people import signed_in
from submissions.actions import my_data as actions
from submissions.forms.my_data import EraseForm
from submissions.models import DataExport
from submissions.personal_data import TABLES
from submissions.retention import KEPT


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept about this person, why and how long, and what they can do about it."""
    user = signed_in(request)
    context = {
        "person": user,
        "kept": KEPT,
        "export": DataExport.objects.visible_to(user).first(),
        "needs_proof": not is_proof_recent(request),
    }
    return render(request, "account/my_data.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Have the file made; the worker does it, and a mail tells when it is ready."""
    if not is_proof_recent(request):
        return ask_for_proof(request, back_to=reverse("my_data"))
    user = signed_in(request)
    made = actions.request_export(user, by=user)
    if made.made_at is None:
        messages.success(request, _("Your file is being made. We write to you when it is ready."))
    return redirect("my_data")


@require_safe
def download(request: HttpRequest, export_uuid: uuid.UUID) -> HttpResponseBase:
    """The file itself, to its person alone, and only after a fresh proof."""
    ready = DataExport.objects.visible_to(signed_in(request)).ready()
    row = get_object_or_404(ready, pk=export_uuid)
    if not is_proof_recent(request):
        return ask_for_proof(request)
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return serve_private(file, f"my-data-{row.made_at:%Y-%m-%d}.zip", "application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """What goes and what stays, and the address typed as a confirmation."""
    if not is_proof_recent(request):
        return ask_for_proof(request)
    user = signed_in(request)
    refusal = actions.erasure_refusal(user)
    form = EraseForm(request.POST if request.method == "POST" else None, user=user)
    if refusal is None and form.is_valid():
        try:
            actions.erase_account(user, by=user)
        except ActionRefused as refused:
            refusal = refused.message
        else:
            return _farewell(request)
    context = {
        "form": form,
        "refusal": refusal,
        "is_alone": actions.is_alone(user),
        "stays": [table.stays for table in TABLES if table.stays],
    }
    return render(request, "account/erase.html", context)


def _farewell(request: HttpRequest) -> HttpResponse:
    """End this login too, and let the browser forget who used it."""
    logout(request)
    response = redirect("account_erased")
    response.delete_cookie(settings.BROWSER_COOKIE_NAME)
    return response


@public
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "account/erased.html")
