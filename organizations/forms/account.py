"""The forms of logging in and of the account, in the portal's look and words.

What they do is allauth's; here are labels, hints and buttons. No placeholder stands for a label.
"""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alliance.crispy import Actions, Button, Helper
from alliance.text import Text
from organizations.forms.registration import NEW_PASSWORD_HINT, NOT_THE_SAME

LONGEST_CODE = 40  # characters, with whatever somebody types between the digits


class PortalForm(forms.BaseForm):
    """Mixed into a form of allauth's: our labels, hints and button.

    The page draws the form's tag where it adds hidden fields of its own.
    """

    labels: dict[str, Text] = {}
    hints: dict[str, Text] = {}
    button: Text = _("Save")
    button_style = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label or "")
            field.help_text = self.hints.get(name, "")

    @cached_property
    def helper(self) -> Helper:
        """How the fields are laid out, for those pages that do not name them one by one."""
        shown = [name for name, field in self.fields.items() if not field.widget.is_hidden]
        button = Button(self.button, style=self.button_style)
        return Helper(*shown, Actions(button), form_tag=False)


class _CodeForm(PortalForm):
    """Six or eight digits, which a telephone offers to type in by itself."""

    button = _("Go on")
    labels = {"code": _("Code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.validators.append(MaxLengthValidator(LONGEST_CODE))
        field.widget.attrs |= {
            "class": "code",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "spellcheck": "false",
        }


class LoginForm(PortalForm, account.LoginForm):
    labels = {
        "login": _("Login / email"),
        "password": _("Password"),
        "remember": _("Remember me"),
    }
    hints = {"remember": _("Keeps you logged in for 30 days on this device.")}
    button = _("Login")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ConfirmEmailForm(_CodeForm, account.ConfirmEmailVerificationCodeForm):
    hints = {"code": _("Six digits. They are valid for 15 minutes.")}


class LoginCodeForm(_CodeForm, account.ConfirmLoginCodeForm):
    hints = {"code": _("Six digits. They are valid for 15 minutes.")}
    button = _("Login")


class ResetPasswordForm(PortalForm, account.ResetPasswordForm):
    labels = {"email": _("Email address")}
    hints = {"email": _("The one that you log in with.")}
    button = _("Send a code")


class ResetCodeForm(_CodeForm, account.ConfirmPasswordResetCodeForm):
    hints = {"code": _("Eight digits. They are valid for 15 minutes.")}


class _NewPasswordForm(PortalForm):
    labels = {"password1": _("New password"), "password2": _("Confirm the new password")}
    hints = {"password1": NEW_PASSWORD_HINT}
    button = _("Set the password")

    def add_error(self, field: str | None, error: Any) -> None:
        """As elsewhere where the two are not the same; allauth has a sentence of its own."""
        is_mismatch = field == "password2" and "password2" in self.cleaned_data
        super().add_error(field, NOT_THE_SAME if is_mismatch else error)


class NewPasswordForm(_NewPasswordForm, account.ResetPasswordKeyForm):
    """After a reset."""


class SetPasswordForm(_NewPasswordForm, account.SetPasswordForm):
    """For an account that has none yet."""


class ChangePasswordForm(_NewPasswordForm, account.ChangePasswordForm):
    labels = {"oldpassword": _("Present password"), **_NewPasswordForm.labels}


class ChangeEmailForm(PortalForm, account.AddEmailForm):
    labels = {"email": _("New email address")}
    hints = {
        "email": _(
            "We send a code to it, and then a link to your present address, which counts until "
            "you have followed it."
        )
    }
    button = _("Send a code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The name of the button tells allauth's view what to do.
        button = Button(self.button, name="action_add")
        self.helper = Helper("email", Actions(button), form_tag=False)


class ReauthenticateForm(PortalForm, account.ReauthenticateForm):
    labels = {"password": _("Password")}
    button = _("Go on")


class SecondFactorForm(_CodeForm, mfa.AuthenticateForm):
    hints = {"code": _("The six digits that your app shows, or one of your recovery codes.")}
    button = _("Login")


class ReauthenticateByCodeForm(_CodeForm, mfa.ReauthenticateForm):
    hints = SecondFactorForm.hints


class PasskeyLoginForm(PortalForm, webauthn.AuthenticateWebAuthnForm):
    """Sent by the script when the device has signed."""


class ReauthenticateByPasskeyForm(PortalForm, webauthn.ReauthenticateWebAuthnForm):
    """Sent by the script when the device has signed."""


class ActivateAppForm(_CodeForm, totp.ActivateTOTPForm):
    hints = {"code": _("The six digits that your app shows now.")}
    button = _("Switch it on")


class DeactivateAppForm(PortalForm, totp.DeactivateTOTPForm):
    button = _("Switch it off")
    button_style = "danger"


class AddPasskeyForm(PortalForm, webauthn.AddWebAuthnForm):
    labels = {"name": _("Name of the passkey"), "passwordless": _("Log in with it alone")}
    hints = {
        "name": _("So that you can tell them apart, as in “my telephone”."),
        "passwordless": _("Without a password; the device asks for your finger, face or PIN."),
    }
    button = _("Add a passkey")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields["name"].validators.append(MaxLengthValidator(100))


class EditPasskeyForm(PortalForm, webauthn.EditWebAuthnForm):
    labels = {"name": _("Name of the passkey")}
