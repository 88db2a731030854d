"""The Connect form: open to anyone."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.crispy import Actions, Button, Helper
from alliance.fields import TextField
from alliance.pages import Page, public_page
from alliance.widgets import FastSelect
from alliance.words import WordsField
from organizations.models import ConnectMessage, User
from organizations.permissions import member_of
from organizations.spam import Guard, GuardedForm

REASONS = "connect-reason"
MESSAGE_WORDS = 300
# Far above what so many words need; it stops one word of a megabyte.
MESSAGE_CHARACTERS = 10_000


def _reason_choices() -> vocabularies.Choices:
    return [("", str(_("Choose a reason"))), *vocabularies.choices(REASONS)]


class ConnectQuery(forms.Form):
    """What a link to the Connect form may say: the page that it is on, and a reason."""

    about = forms.CharField(required=False)
    reason = forms.ChoiceField(required=False, choices=_reason_choices)

    def start(self) -> dict[str, str]:
        """What the form begins with; anything that makes no sense is left out."""
        self.full_clean()
        return {key: value for key, value in self.cleaned_data.items() if value}


class ConnectForm(GuardedForm):
    name = TextField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("We answer to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    organization = TextField(
        label=_("Organization / institution"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    job_title = TextField(
        label=_("Job title / role"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    reason = forms.ChoiceField(
        label=_("Reason for connecting:"),
        choices=_reason_choices,
        required=False,
        widget=FastSelect,
        help_text=_(
            "“Report an error or a concern” is read by senior reviewers and administrators only."
        ),
    )
    message = WordsField(
        label=_("Short message"),
        max_words=MESSAGE_WORDS,
        required=False,
        validators=[MaxLengthValidator(MESSAGE_CHARACTERS)],
    )
    about = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            Guard(),
            "about",
            "name",
            "email",
            "organization",
            "job_title",
            "reason",
            "message",
            Actions(Button(_("Send"))),
        )
        self.helper.render_hidden_fields = False  # the guard draws its own

    @cached_property
    def about_page(self) -> Page | None:
        """The page that the message is about, if it names one of ours."""
        return public_page(str(self["about"].value() or ""))

    @property
    def fingerprint(self) -> str:
        """Names one opened form with one content: every click on Send gives the same."""
        names = ("name", "email", "organization", "job_title", "reason", "message")
        content = [self.ticket_name, *(self.cleaned_data[name] for name in names)]
        return sha256("\0".join(content).encode()).hexdigest()

    def to_message(self) -> ConnectMessage:
        """The message as it would be stored; call it on a valid form."""
        data = self.cleaned_data
        page = self.about_page
        return ConnectMessage(
            name=data["name"],
            email=data["email"],
            organization=data["organization"],
            job_title=data["job_title"],
            reason=vocabularies.term(REASONS, data["reason"]),
            message=data["message"],
            about_path=page.path if page else "",
            about_title=page.title[:300] if page else "",
            fingerprint=self.fingerprint,
        )


def person_start(user: User) -> dict[str, str]:
    """What the form can already say about somebody who is logged in."""
    membership = member_of(user)
    start = {"name": user.get_full_name(), "email": user.email}
    if membership:
        start |= {"organization": membership.organization.name, "job_title": membership.function}
    return start
