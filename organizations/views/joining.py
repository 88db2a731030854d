import uuid

from allauth.decorators import rate_limit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance import unsent, vocabularies
from alliance.exceptions import ActionRefused
from alliance.files.uploads import accepts_files
from alliance.unsent import keeps_typed
from organizations.actions import joining as actions
from organizations.actions.registration import register_another
from organizations.forms.members import JoinForm, RoleForm
from organizations.forms.registration import LOGO_MAX_BYTES, InstitutionForm
from organizations.models import JoinRequest
from organizations.people import signed_in
from organizations.permissions import can_manage_members, member_of


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Ask to be let into an organization; the answer is the same whether it is registered."""
    user = signed_in(request)
    if member_of(user) is not None:
        return redirect("organization")
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.ask_to_join(by=user, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("We have passed it on. The answer comes to you by email."))
            return redirect("organization")
    context = {"form": form, "functions": vocabularies.terms("person-role")}
    return render(request, "organizations/join.html", context)


@accepts_files(logo=LOGO_MAX_BYTES)
@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="signup")
def register_organization(request: HttpRequest) -> HttpResponse:
    """Register an institution with the account that somebody has."""
    user = signed_in(request)
    if member_of(user) is not None:
        return redirect("organization")
    if request.method == "POST":
        form = InstitutionForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                register_another(
                    form.to_register,
                    by=user,
                    function=form.cleaned_data["function"],
                    logo=form.cleaned_data["logo"],
                )
            except ActionRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Your institution is registered."))
                return redirect("dashboard")
    else:
        form = InstitutionForm(unsent.bring_back(request))
    context = {"form": form, "functions": vocabularies.terms("person-role")}
    return render(request, "organizations/register_own.html", context)


@require_POST
def withdraw_request(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    asked = get_object_or_404(JoinRequest.objects.open(), user=user)
    try:
        actions.withdraw_request(asked, by=user)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Your request is taken back."))
    return redirect("organization")


@require_POST
def accept_request(request: HttpRequest, request_uuid: uuid.UUID) -> HttpResponse:
    asked = _asked(request, request_uuid)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the three roles."))
        return redirect("members")
    try:
        actions.accept_request(asked, by=signed_in(request), role=form.cleaned_data["role"])
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        text = _("%(person)s belongs to your organization now.")
        messages.success(request, text % {"person": asked.user})
    return redirect("members")


@require_POST
def decline_request(request: HttpRequest, request_uuid: uuid.UUID) -> HttpResponse:
    asked = _asked(request, request_uuid)
    try:
        actions.decline_request(asked, by=signed_in(request))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The request is declined."))
    return redirect("members")


def _asked(request: HttpRequest, request_uuid: uuid.UUID) -> JoinRequest:
    """A request to the person's own organization; only its owners answer."""
    user = signed_in(request)
    own = member_of(user)
    if own is None:
        raise Http404
    requests = JoinRequest.objects.select_related("organization", "user")
    asked = get_object_or_404(requests, pk=request_uuid, organization=own.organization)
    if not can_manage_members(user, own.organization):
        raise PermissionDenied
    return asked
