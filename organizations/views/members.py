import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.text import Text
from organizations.actions import members as actions
from organizations.forms.members import ROLES, InviteForm, RoleForm
from organizations.login.proof import ask_for_proof, is_proof_recent
from organizations.models import Invitation, JoinRequest, Membership
from organizations.people import signed_in
from organizations.permissions import can_manage_members, member_of


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Who belongs to the organization, who is invited, and who asks to be let in."""
    user = signed_in(request)
    own = _own_membership(request)
    organization = own.organization
    manages = can_manage_members(user, organization)
    context = {
        "organization": organization,
        "membership": own,
        "manages": manages,
        "members": Membership.objects.filter(organization=organization).select_related("user"),
        "is_only_owner": actions.is_only_owner(own),
        "roles": Membership.Role.choices,
        "explained_roles": ROLES,
    }
    if manages:
        invitations = Invitation.objects.open().filter(organization=organization)
        requests = JoinRequest.objects.open().filter(organization=organization)
        context["invitations"] = invitations.select_related("invited_by")
        context["requests"] = requests.select_related("user")
    return render(request, "organizations/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    own = _as_owner(request)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.invite(own.organization, by=signed_in(request), **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            text = _("The invitation to %(email)s is on its way.")
            messages.success(request, text % {"email": form.cleaned_data["email"]})
            return redirect("members")
    return render(request, "organizations/invite.html", {"form": form})


@require_POST
def resend_invitation(request: HttpRequest, invitation_uuid: uuid.UUID) -> HttpResponse:
    invitation = _invitation(request, invitation_uuid)
    return _do(
        request,
        lambda: actions.resend_invitation(invitation, by=signed_in(request)),
        _("The invitation has been sent again. The link in the earlier mail no longer works."),
    )


@require_POST
def revoke_invitation(request: HttpRequest, invitation_uuid: uuid.UUID) -> HttpResponse:
    invitation = _invitation(request, invitation_uuid)
    return _do(
        request,
        lambda: actions.revoke_invitation(invitation, by=signed_in(request)),
        _("The invitation is taken back. Its link no longer works."),
    )


@require_POST
def change_role(request: HttpRequest, member_id: int) -> HttpResponse:
    membership = _member(request, member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the three roles."))
        return redirect("members")
    return _do(
        request,
        lambda: actions.change_role(
            membership, by=signed_in(request), role=form.cleaned_data["role"]
        ),
        _("The role is changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, member_id: int) -> HttpResponse:
    membership = _member(request, member_id)
    if request.method == "POST":
        return _do(
            request,
            lambda: actions.remove_member(membership, by=signed_in(request)),
            _("%(person)s no longer belongs to your organization.") % {"person": membership.user},
        )
    return render(request, "organizations/member_remove.html", {"membership": membership})


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, member_id: int) -> HttpResponse:
    """Make a colleague owner in one's own place, after a fresh proof of identity."""
    membership = _member(request, member_id)
    if not is_proof_recent(request):
        return ask_for_proof(request)
    if request.method == "POST":
        return _do(
            request,
            lambda: actions.hand_over(membership, by=signed_in(request)),
            _("%(person)s owns the organization now; you are its editor.")
            % {"person": membership.user},
        )
    return render(request, "organizations/hand_over.html", {"membership": membership})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    own = _own_membership(request)
    if request.method == "POST":
        try:
            actions.leave(own, by=signed_in(request))
        except ActionRefused as refused:
            messages.error(request, refused.message)
            return redirect("members")
        messages.success(
            request, _("You have left %(organization)s.") % {"organization": own.organization}
        )
        return redirect("organization")
    if actions.is_only_owner(own):
        return redirect(reverse("members") + "#leaving")
    return render(request, "organizations/leave.html", {"membership": own})


def _own_membership(request: HttpRequest) -> Membership:
    membership = member_of(signed_in(request))
    if membership is None:
        raise PermissionDenied
    return membership


def _as_owner(request: HttpRequest) -> Membership:
    own = _own_membership(request)
    if not can_manage_members(signed_in(request), own.organization):
        raise PermissionDenied
    return own


def _member(request: HttpRequest, member_id: int) -> Membership:
    """A member of the owner's organization; others do not exist."""
    own = _own_membership(request)
    rows = Membership.objects.filter(organization=own.organization)
    membership = get_object_or_404(rows.select_related("organization", "user"), pk=member_id)
    _as_owner(request)
    return membership


def _invitation(request: HttpRequest, invitation_uuid: uuid.UUID) -> Invitation:
    own = _own_membership(request)
    rows = Invitation.objects.filter(organization=own.organization)
    invitation = get_object_or_404(rows.select_related("organization"), pk=invitation_uuid)
    _as_owner(request)
    return invitation


def _do(request: HttpRequest, act: Callable[[], object], done: Text) -> HttpResponse:
    """Do it, say that it is done or why not, and go back to the list."""
    try:
        act()
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("members")
