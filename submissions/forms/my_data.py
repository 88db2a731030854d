"""The form by which a person erases their account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from alliance.crispy import Actions, Button, Helper
from organizations.models import User


class EraseForm(forms.Form):
    """Asks for the address, so that nobody erases anything by a slip of the hand."""

    email = forms.CharField(
        label=_("Your email address"),
        help_text=_("Type it to confirm that you want to erase your account for good."),
        validators=[MaxLengthValidator(254)],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = user.email
        self.helper = Helper("email", Actions(Button(_("Erase my account"), style="danger")))

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].strip().lower()
        if typed != self._email:
            raise ValidationError(_("This is not the address of your account."))
        return typed
