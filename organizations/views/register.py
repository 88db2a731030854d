from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.internal.flows.signup import complete_signup, prevent_enumeration
from allauth.account.internal.stagekit import (
    LOGIN_SESSION_KEY,
    clear_login,
    get_pending_stage,
)
from allauth.account.stages import EmailVerificationStage
from allauth.account.views import ConfirmEmailVerificationCodeView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from alliance import vocabularies
from alliance.exceptions import ActionRefused
from alliance.files.uploads import accepts_files
from alliance.middleware import public
from organizations import repeats
from organizations.actions import registration as actions
from organizations.forms.registration import (
    LOGO_MAX_BYTES,
    CorrectAddressForm,
    PersonForm,
    RegistrationForm,
)
from organizations.login.adapters import AccountAdapter
from organizations.models import User
from organizations.permissions import member_of

AnyForm = TypeVar("AnyForm", RegistrationForm, PersonForm)

MOST_CORRECTIONS = 3

# In the session: whose registration waits for its code, and how often its address was corrected.
_REGISTERED = "registered"
_CORRECTIONS = "address_corrections"
# Where allauth keeps the login that waits, and its code.
_LOGIN_IN_SESSION = (LOGIN_SESSION_KEY, EMAIL_VERIFICATION_CODE_SESSION_KEY)


@accepts_files(logo=LOGO_MAX_BYTES)
@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
@rate_limit(action="signup")
def register(request: HttpRequest) -> HttpResponse:
    """Register an organization with its first owner; the answer is the same for a taken address."""
    if request.user.is_authenticated:
        return redirect("organization")
    return _answer(request, RegistrationForm, _make_with_organization, "register.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
@rate_limit(action="signup")
def register_person(request: HttpRequest) -> HttpResponse:
    """An account alone, for whoever then asks to be let into an organization."""
    if request.user.is_authenticated:
        return redirect("join")
    return _answer(request, PersonForm, _make_alone, "register_person.html")


def _answer(
    request: HttpRequest, form_class: type[AnyForm], make: Callable[[AnyForm], User], template: str
) -> HttpResponse:
    """Show the form or take it; `make` makes what it asks for and returns its person."""
    if request.method == "POST":
        if repeats.take_over(request, repeats.click_of(request)):
            return redirect("account_email_verification_sent")
        form = form_class(request.POST, request.FILES)
        if form.is_valid():
            try:
                return _register(request, form, make)
            except ActionRefused as refused:
                form.add_error("logo" if "logo" in form.fields else None, str(refused))
    else:
        _forget_other_login(request)
        form = form_class()
    context = {"form": form, "functions": vocabularies.terms("person-role")}
    return render(request, f"organizations/{template}", context)


@transaction.atomic
def _register(request: HttpRequest, form: AnyForm, make: Callable[[AnyForm], User]) -> HttpResponse:
    """Make the account and write its mail, or for a taken address the mail to its owner."""
    click = repeats.click_of(request)
    repeats.wait_for_first(click)
    if repeats.take_over(request, click):
        return redirect("account_email_verification_sent")
    user = make(form)
    request.session[_REGISTERED] = user.pk
    response = _ask_for_code(request, user, form.cleaned_data["email"].lower())
    repeats.leave(request, click, *_LOGIN_IN_SESSION, _REGISTERED)
    return response


def _make_with_organization(form: RegistrationForm) -> User:
    return actions.register_organization(
        form.to_register,
        person=form.person,
        password=form.cleaned_data["password1"],
        logo=form.cleaned_data["logo"],
    )


def _make_alone(form: PersonForm) -> User:
    return actions.register_person(form.person, password=form.cleaned_data["password1"])


def _ask_for_code(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """Begin a login that waits for the code; for a taken address it looks the same.

    Whoever has no organization goes on to ask for one.
    """
    response: HttpResponse
    way_on = None if member_of(user) else reverse("join")
    if actions.waits_for_address(user):
        _look_up(user.pk)
        response = prevent_enumeration(request, email=email)
    else:
        response = complete_signup(request, user=user, redirect_url=way_on)
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limit(action="signup")
def correct_email(request: HttpRequest) -> HttpResponse:
    """Another address for a registration that waits for its code; the first was mistyped."""
    user = _registrant(request)
    if user is None:
        return redirect("account_email_verification_sent")
    form = CorrectAddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        try:
            return _correct(request, user, email)
        except ActionRefused as refused:
            form.add_error("email", str(refused))
    return render(request, "organizations/correct_email.html", {"form": form})


@transaction.atomic
def _correct(request: HttpRequest, user: User, email: str) -> HttpResponse:
    user = actions.correct_address(user, email=email)
    _forget_other_login(request)
    request.session[_REGISTERED] = user.pk
    request.session[_CORRECTIONS] = request.session.get(_CORRECTIONS, 0) + 1
    return _ask_for_code(request, user, email)


def _registrant(request: HttpRequest) -> User | None:
    """Whoever waits for the first code in this browser, and may still correct the address.

    Behind a taken address stands an account too, which the session alone remembers.
    """
    stage = get_pending_stage(request)
    if not isinstance(stage, EmailVerificationStage):
        return None
    if request.session.get(_CORRECTIONS, 0) >= MOST_CORRECTIONS:
        return None
    if stage.login.user is not None:
        return cast(User, stage.login.user)
    return User.objects.filter(pk=request.session.get(_REGISTERED, 0)).first()


def _look_up(user_id: int) -> None:
    """Ask what allauth asks where there is an account: behind a taken address it has none to ask.

    Two queries more or less are within what can be measured.
    """
    for _ in range(2):
        User.objects.filter(pk=user_id).first()


def _forget_other_login(request: HttpRequest) -> None:
    """Somebody who stopped half-way may begin again, with another address."""
    if get_pending_stage(request) is not None:
        clear_login(request)


@method_decorator(public, name="dispatch")
class ConfirmEmailView(ConfirmEmailVerificationCodeView):
    """The page that asks for the code from the mail; nothing else is open before.

    allauth sends no second mail to the owner of a taken address. That can be measured, so here
    asking again does the same work for everybody; the limits on mail hold for both.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        waiting = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
        if request.user.is_authenticated and not waiting:  # gone back after the code
            return redirect("dashboard")
        if waiting and "user_id" not in waiting:
            _look_up(request.session.get(_REGISTERED, 0))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        can_correct = _registrant(self.request) is not None
        return {**super().get_context_data(**kwargs), "can_correct": can_correct}

    def _resend_form_valid(self, form: forms.Form) -> HttpResponse:
        process = self._process
        try:
            process.generate_code()
            process.send()
            process.record_resend()
            process.persist()
        except ImmediateHttpResponse:  # too soon after the last mail; the code in it still counts
            messages.error(self.request, AccountAdapter.error_messages["rate_limited"])
        return redirect(self.passthrough_next_url(self.request.path))


confirm_email = ConfirmEmailView.as_view()
