"""What allauth asks of the project: its mails, its words, where people land, its secrets."""

import base64
from io import BytesIO
from typing import Any, cast

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, Login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from alliance import audit
from alliance.emails import MESSAGE_HEADER, SECRET_HEADER
from organizations.actions.email_change import ask_for_change
from organizations.emails import registration as emails
from organizations.login import browsers
from organizations.login.devices import device_name
from organizations.login.noted import NotesRefusals
from organizations.models import User

# Their text opens an account; nobody but the recipient may read them.
SECRET_MESSAGES = frozenset(
    {"email_confirmation", "email_confirmation_signup", "login_code", "password_reset_code"}
)
# By allauth's names for them.
WAYS_TO_PROVE = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code of your authenticator app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(NotesRefusals, DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _(
            "The email address or the password is not right. Please try again."
        ),
        "email_taken": _("This address cannot be used. Please choose another."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _(
            "This code is not right. Please look at the newest mail again, or have another code sent."
        ),
        "incorrect_password": _("This password is not right. Please try again."),
        "rate_limited": _("That was too often. Please wait a little and try again."),
        "same_as_current": _("This is your present address already."),
        "too_many_login_attempts": _(
            "There were too many wrong tries. Please wait a few minutes and try again."
        ),
    }

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """The mail as text, with the same words as HTML beside it, and its name for the outbox."""
        message = template_prefix.rpartition("/")[2]
        context = {"site_url": settings.SITE_URL, **context}
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        text = render_to_string(f"{template_prefix}_message.txt", context).strip() + "\n"
        headers = {**(headers or {}), MESSAGE_HEADER: message}
        if message in SECRET_MESSAGES:
            headers[SECRET_HEADER] = "1"
        mail = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=text,
            from_email=self.get_from_email(),
            to=[email] if isinstance(email, str) else email,
            headers=headers,
        )
        html = render_to_string("account/email/from_text.html", {**context, "text": text})
        mail.attach_alternative(html, "text/html")
        return mail

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """As allauth's, with the person's name for the first line and the device's for the last."""
        device = device_name(self.get_http_user_agent(self.request))
        super().send_notification_mail(
            template_prefix, user, {"user": user, "device": device, **(context or {})}, email
        )

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The first confirmed address opens the account: greet the person.

        A later one changes nothing yet: the present address is asked, too.
        """
        user = cast(User, email_address.user)
        if EmailAddress.objects.filter(user=user, verified=True).exists():
            ask_for_change(user, new_email=email_address.email)
            messages.info(request, _("Now follow the link that we have sent to your address."))
            return False
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            audit.record("user.email_confirmed", by=user, about=user, first=True)
            emails.welcome(user)
        return is_confirmed

    def get_login_stages(self) -> list[str]:
        own = {
            "allauth.account.stages.LoginByCodeStage": "organizations.login.stages.NewBrowserStage"
        }
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    def is_login_by_code_required(self, login: Login) -> bool:
        """In a new browser, of whoever has no second factor.

        An address that is not confirmed yet gets a code of its own, which proves the same.
        """
        user = login.user
        if not isinstance(user, User) or login.signup or browsers.is_known(self.request, user):
            return False
        if is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
            return False
        return EmailAddress.objects.filter(user=user, verified=True).exists()

    def post_login(
        self, request: HttpRequest, user: Any, *, signup: bool, **details: Any
    ) -> HttpResponse:
        """A login in a new browser is told to its person; from then on the browser is known."""
        response = super().post_login(request, user, signup=signup, **details)
        if not signup and not browsers.is_known(request, user):
            self.send_notification_mail("account/email/new_browser", user)
        browsers.remember(request, response, user)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """As allauth's, in the words of our other pages."""
        return [
            method | {"description": WAYS_TO_PROVE[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]

    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        audit.record("user.password_changed", by=user, about=user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff begin where their work is."""
        is_staff = cast(User, request.user).is_staff
        return resolve_url("admin:index" if is_staff else settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account")


class MFAAdapter(NotesRefusals, DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is not right. Please try the next one that your app shows, or a recovery code "
            "that you have not used yet."
        ),
        "unverified_email": _("Please confirm your email address first."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(
        self,
        user: Any,
        type: Authenticator.Type,  # noqa: A002 - allauth passes it by this name
    ) -> str:
        """What a new passkey is called until its owner gives it a name."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an element of the page, black on white in dark mode too."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage, box_size=12).save(picture)
        svg = picture.getvalue().decode()
        return svg[svg.index("<svg") :]


def _fernet() -> MultiFernet:
    """Encrypts with SECRET_KEY; reads what earlier keys (SECRET_KEY_FALLBACKS) wrote too."""
    return MultiFernet(
        [_fernet_of(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _fernet_of(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"alliance second factor").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
