"""Organization Registration. Labels are the client's wording."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance import vocabularies
from alliance.crispy import Actions, Button, Helper, MadeFor, Pair, Section
from alliance.fields import TextField
from alliance.files.forms import PictureField
from alliance.files.sizes import GB
from alliance.text import Text
from alliance.widgets import FastSelect, StatementCheckbox
from organizations.actions.registration import Institution, Person
from organizations.models import Organization, User
from organizations.spam import Guard, GuardedForm

ORGANIZATION_TYPE = "organization-type"
OTHER = "other"
LOGO_PURPOSE = "organization-logo"
LOGO_MAX_BYTES = 1 * GB
NEW_PASSWORD_HINT = _(
    "At least 12 characters, spaces included. A short sentence is easy to remember."
)
NOT_THE_SAME = _("This is not the same as the password above.")


def new_password_field(label: Text, help_text: Text = "") -> forms.CharField:
    """A field for a password to be set; spaces at its ends count."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@contextmanager
def errors_at(form: forms.BaseForm, field: str) -> Iterator[None]:
    """Put what is wrong beside one field of the form."""
    try:
        yield
    except ValidationError as error:
        form.add_error(field, error)


def check_new_password(
    form: forms.BaseForm, data: dict[str, Any], person: Person, institution: str
) -> None:
    """Judge `password1` by the rules and by whose it is; `password2` must be the same."""
    password = data.get("password1")
    if not password:
        return
    user = User(email=person.email, first_name=person.first_name, last_name=person.last_name)
    user.institution_name = institution
    with errors_at(form, "password1"):
        validate_password(password, user)
    if data.get("password2") and data["password2"] != password:
        form.add_error("password2", NOT_THE_SAME)


def _choose(choices: vocabularies.Choices) -> vocabularies.Choices:
    return [("", str(pgettext_lazy("first line of a list", "Choose"))), *choices]


def _country_choices() -> vocabularies.Choices:
    return _choose(vocabularies.country_choices())


def _type_choices() -> vocabularies.Choices:
    return _choose(vocabularies.choices(ORGANIZATION_TYPE))


class NameFields(forms.Form):
    """What a person is called."""

    first_name = TextField(
        label=_("First Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = TextField(
        label=_("Last Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


class _PersonFields(NameFields, GuardedForm):
    """Who registers, and with which password."""

    # Passwords are not shown again: a page that was left open for some days is still taken.
    longest_time = timedelta(days=7)

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("It becomes your login. We send a code to it before anything else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password1 = new_password_field(_("Password"), NEW_PASSWORD_HINT)
    password2 = new_password_field(_("Confirm Password"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_new_password(self, data, self.person, data.get("institution", ""))
        return data

    @property
    def person(self) -> Person:
        data = self.cleaned_data
        return Person(
            email=data.get("email", ""),
            first_name=data.get("first_name", ""),
            last_name=data.get("last_name", ""),
            function=data.get("function", ""),
        )


class _InstitutionFields(forms.Form):
    """The institution, what the person does there, and that they may speak for it."""

    due_diligence = forms.BooleanField(
        label=_("Authentication & Due Diligence"),
        widget=StatementCheckbox(
            _(
                "I am authorised to act for this institution and agree to identity verification, "
                "due diligence confirmation, and an authentication step before submission."
            )
        ),
        error_messages={"required": _("Please tick this box to go on.")},
    )
    institution = TextField(
        label=_("Name of institution / organization"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Country / Region"), choices=_country_choices, widget=FastSelect
    )
    type = forms.ChoiceField(label=_("Organization Type"), choices=_type_choices, widget=FastSelect)
    type_other = TextField(
        label=_("Organization other"),
        max_length=200,
        required=False,
        help_text=_("In your own words, if you chose Other."),
        widget=forms.TextInput(attrs={"data-other-of": "type"}),
    )
    function = TextField(
        label=_("Function / role"),
        max_length=150,
        help_text=_("For instance: South-South cooperation focal point."),
        widget=forms.TextInput(attrs={"list": "functions", "autocomplete": "organization-title"}),
    )
    logo = PictureField(
        label=_("Organization logo"), purpose=LOGO_PURPOSE, max_bytes=LOGO_MAX_BYTES
    )

    institution_names = ("institution", "country", "type", "type_other", "function", "logo")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].help_text = vocabularies.country_disclaimer()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _settle_other(self, data)
        return data

    @property
    def to_register(self) -> Institution:
        data = self.cleaned_data
        kind = vocabularies.term(ORGANIZATION_TYPE, data["type"])
        assert kind is not None  # the field offers active terms only
        return Institution(
            name=data["institution"],
            scope=_scope(data["country"]),
            country=vocabularies.country(data["country"]),
            type=kind,
            type_other=data["type_other"],
        )


class RegistrationForm(_InstitutionFields, _PersonFields):
    """Organization Registration: the person and the institution together."""

    field_order = ("due_diligence",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            Guard(),
            Section(
                _("You"),
                "due_diligence",
                Pair("first_name", "last_name"),
                "email",
                "password1",
                "password2",
            ),
            Section(_("Your institution"), *self.institution_names),
            Actions(Button(_("Register"))),
        )
        self.helper.render_hidden_fields = False  # the guard draws its own


class PersonForm(_PersonFields):
    """An account for somebody whose institution is registered already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            Guard(),
            Pair("first_name", "last_name"),
            "email",
            "password1",
            "password2",
            Actions(Button(_("Make the account"))),
        )
        self.helper.render_hidden_fields = False  # the guard draws its own


class InstitutionForm(_InstitutionFields):
    """The institution of somebody who has an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            MadeFor(), "due_diligence", *self.institution_names, Actions(Button(_("Register")))
        )


def _settle_other(form: forms.Form, data: dict[str, Any]) -> None:
    """The words for Other are required with it, and dropped without it."""
    if data.get("type") != OTHER:
        data["type_other"] = ""
    elif not data.get("type_other") and "type_other" not in form.errors:
        form.add_error("type_other", _("Please say what kind of organization it is."))


def _scope(country: str) -> Organization.Scope:
    entities = {
        vocabularies.REGIONAL: Organization.Scope.REGIONAL,
        vocabularies.GLOBAL: Organization.Scope.GLOBAL,
    }
    return entities.get(country, Organization.Scope.NATIONAL)


class CorrectAddressForm(forms.Form):
    """Another address for a registration whose first one was mistyped."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("We send a new code to it; the one that was sent no longer counts."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper("email", Actions(Button(_("Send a code"))))
