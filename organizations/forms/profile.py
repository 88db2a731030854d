"""The organization's profile and its papers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator, URLValidator
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext_lazy

from alliance.crispy import Actions, Button, Helper, MadeFor, Section
from alliance.fields import TextField, without_invisible
from alliance.files.document_field import DocumentField
from alliance.files.forms import KeptFile, PictureField
from alliance.files.sizes import MB
from alliance.words import WordsField
from organizations.actions.registration import Profile, RelatedNames, profile_version
from organizations.duplicates import fold_name
from organizations.forms.registration import LOGO_MAX_BYTES, LOGO_PURPOSE
from organizations.models import Organization, OrganizationDocument, RelatedName, User

DESCRIPTION_MAX_WORDS = 150
DOCUMENT_PURPOSE = "organization-document"
DOCUMENT_MAX_BYTES = 20 * MB
NAME_LENGTH = 300

_Kind = RelatedName.Kind
_ONE_A_LINE = _("One name a line.")


def _names_at_most(most: int) -> str:
    return ngettext("At most %(number)d name.", "At most %(number)d names.", most) % {
        "number": most
    }


_at_most = lazy(_names_at_most, str)


class NamesField(forms.Field):
    """Names, one a line; cleans to a list without doubles, in the order they were typed."""

    widget = forms.Textarea

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        hint = format_lazy("{} {}", kwargs.pop("help_text", ""), _at_most(most))
        super().__init__(help_text=hint, **kwargs)

    def to_python(self, value: str | None) -> list[str]:
        text = without_invisible(value or "")
        lines = (" ".join(line.split()) for line in text.splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > self.most:
            over = len(value) - self.most
            raise ValidationError(
                ngettext_lazy(
                    "Please leave out %(over)d name.", "Please leave out %(over)d names.", "over"
                ),
                params={"over": over},
            )
        for name in value:
            ProhibitNullCharactersValidator()(name)
            if len(name) > NAME_LENGTH:
                raise ValidationError(_("A name has at most 300 characters."))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"rows": 4}


class ProfileForm(forms.Form):
    """What an organization says of itself."""

    website = forms.URLField(
        label=_("Website"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("For instance example.org; we add https:// for you."),
        error_messages={"invalid": _("Enter a web address that begins with http:// or https://.")},
    )
    description = WordsField(
        label=_("Brief description of your institution"),
        max_words=DESCRIPTION_MAX_WORDS,
        max_length=10_000,
        required=False,
        help_text=_("What you do, and for whom."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    logo = PictureField(
        label=_("Organization logo"), purpose=LOGO_PURPOSE, max_bytes=LOGO_MAX_BYTES
    )
    registration_number = TextField(
        label=_("Registration number"),
        max_length=100,
        required=False,
        help_text=_("As in the register of companies, associations or charities."),
    )
    former_name = NamesField(
        label=_("Former names"), most=20, required=False, help_text=_ONE_A_LINE
    )
    parent = TextField(
        label=_("Parent organization"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("The body that yours belongs to, if there is one."),
    )
    head = TextField(
        label=_("Head of the institution"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_("First and last name of whoever leads it."),
    )
    owner = NamesField(
        label=_("Owners"),
        most=30,
        required=False,
        help_text=_(
            "Whoever holds a quarter or more of it, people and companies. One name a line."
        ),
    )
    board = NamesField(
        label=_("Members of the board"), most=60, required=False, help_text=_ONE_A_LINE
    )

    version = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **({"initial": _initial(organization)} | kwargs))
        self.organization = organization
        website = self.fields["website"]
        website.validators = [
            validator for validator in website.validators if not isinstance(validator, URLValidator)
        ]
        website.validators.append(
            URLValidator(schemes=["http", "https"], message=website.error_messages["invalid"])
        )
        self.helper = Helper(
            MadeFor(),
            Section(_("What you are"), "website", "description", "logo"),
            Section(
                _("Who stands behind it"),
                "registration_number",
                "former_name",
                "parent",
                "head",
                "owner",
                "board",
                hint=_(
                    "Only your members and the secretariat see this. Names are compared with the "
                    "sanctions list of the Security Council."
                ),
            ),
            Actions(Button(_("Save"))),
        )

    def clean_former_name(self) -> list[str]:
        names: list[str] = self.cleaned_data["former_name"]
        if fold_name(self.organization.name) in map(fold_name, names):
            raise ValidationError(_("This is its present name. Please leave it out."))
        return names

    @property
    def profile(self) -> Profile:
        data = self.cleaned_data
        return Profile(
            website=data["website"],
            description=data["description"],
            registration_number=data["registration_number"],
            related=self._related(),
            logo=None if isinstance(data["logo"], KeptFile) else data["logo"],
        )

    def show_conflict(self, organization: Organization) -> None:
        """Keep what was typed, say beside it what stands there now, and let it be saved again."""
        now = _initial(organization)
        typed = dict(self.cleaned_data)
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["version"] = now["version"]
        self.data = data
        for name in ("website", "description", "registration_number", *map(str, _Kind)):
            if typed[name] != now[name]:
                stands = ", ".join(now[name]) if isinstance(now[name], list) else now[name]
                self.add_error(
                    name, _("Now stands here: %(value)s") % {"value": stands or _("nothing")}
                )

    def _related(self) -> RelatedNames:
        data = self.cleaned_data
        single = {kind: [data[kind]] if data[kind] else [] for kind in (_Kind.PARENT, _Kind.HEAD)}
        several = {kind: data[kind] for kind in (_Kind.FORMER_NAME, _Kind.OWNER, _Kind.BOARD)}
        return single | several


def _initial(organization: Organization) -> dict[str, Any]:
    names: dict[str, list[str]] = {str(kind): [] for kind in _Kind}
    rows = list(organization.related_names.all())
    for row in rows:
        names[row.kind].append(row.name)
    return {
        "version": profile_version(organization, rows),
        "website": organization.website,
        "description": organization.description,
        "logo": KeptFile(name=_("The present logo")) if organization.logo else None,
        "registration_number": organization.registration_number,
        **names,
        **{str(kind): _first(names[kind]) for kind in (_Kind.PARENT, _Kind.HEAD)},
    }


def _first(names: Iterable[str]) -> str:
    return next(iter(names), "")


class RenameForm(forms.Form):
    """Another name for the institution."""

    name = TextField(
        label=_("Name of institution / organization"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper("name", Actions(Button(_("Change the name"))))


class DocumentForm(forms.Form):
    """One paper of the organization."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            ("", pgettext_lazy("first line of a list", "Choose")),
            *OrganizationDocument.Kind.choices,
        ],
    )
    file = DocumentField(label=_("File"), purpose=DOCUMENT_PURPOSE, max_bytes=DOCUMENT_MAX_BYTES)

    def __init__(self, *args: Any, sender: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        assert isinstance(file, DocumentField)
        file.uploaded_by = sender.pk
        self.helper = Helper("kind", "file", Actions(Button(_("Add the document"))))
