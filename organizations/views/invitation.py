"""What the link in an invitation's mail opens: for colleagues, and for staff."""

from allauth.account.internal.flows.signup import complete_signup
from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from alliance import vocabularies
from alliance.exceptions import ActionRefused
from alliance.middleware import public
from organizations.actions.members import accept_invitation, register_invited
from organizations.actions.people import take_up_staff_invitation
from organizations.forms.members import FunctionForm, InvitedPersonForm, NewPasswordForm
from organizations.links import invitation_of, staff_invitation_of
from organizations.models import Invitation, User
from organizations.permissions import member_of


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
@rate_limit(action="signup")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Register by an invitation; who has an account already is shown the way to accept it."""
    invited = invitation_of(token)
    if invited is None:
        return render(request, "organizations/invitation_over.html", status=404)
    if isinstance(request.user, User):
        return _for_account(request, invited, request.user, token)
    if User.objects.filter(email=invited.email).exists():
        return _page(request, invited, token, has_account=True)
    form = InvitedPersonForm(request.POST if request.method == "POST" else None, invitation=invited)
    if form.is_valid():
        try:
            membership = register_invited(
                invited, person=form.person, password=form.cleaned_data["password1"]
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            response: HttpResponse = complete_signup(request, user=membership.user)
            return response
    return _page(request, invited, token, form=form)


def _for_account(request: HttpRequest, invited: Invitation, user: User, token: str) -> HttpResponse:
    """Somebody who is logged in: join, or be told why not."""
    if user.email != invited.email or member_of(user) is not None:
        return _page(request, invited, token, is_other=user.email != invited.email)
    form = FunctionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            accept_invitation(invited, by=user, function=form.cleaned_data["function"])
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("Welcome. You belong to %(organization)s now.")
                % {"organization": invited.organization},
            )
            return redirect("dashboard")
    return _page(request, invited, token, form=form)


def _page(request: HttpRequest, invited: Invitation, token: str, **context: object) -> HttpResponse:
    context |= {
        "invitation": invited,
        "token": token,
        "functions": vocabularies.terms("person-role"),
    }
    return render(request, "organizations/invitation.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
@rate_limit(action="signup")
def staff_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody new in the secretariat chooses a password, then logs in with it."""
    person = staff_invitation_of(token)
    if person is None:
        return render(request, "organizations/invitation_over.html", status=404)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            take_up_staff_invitation(person, password=form.cleaned_data["password1"])
        except ActionRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(
                request, _("Your password is set. Log in, then set up your second factor.")
            )
        return redirect("account_login")
    return render(request, "organizations/staff_invitation.html", {"form": form, "person": person})
