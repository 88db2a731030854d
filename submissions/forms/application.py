"""The Alliance Application Form."""

import json
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Self

from django import forms
from django.core.validators import URLValidator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.choices import offer
from alliance.crispy import Group, Section
from alliance.fields import TextField
from alliance.files.forms import PictureField
from alliance.files.sizes import MB
from alliance.text import Text
from alliance.widgets import FastCheckboxes, FastSelect, SdgPicker
from alliance.words import WordsField
from submissions.forms import declaration
from submissions.forms.base import SubmissionForm
from submissions.forms.choices import CHOICE_ERRORS
from submissions.labels import APPLICATION_LABELS, DECLARATION_TITLE, LOGO_LABEL
from submissions.models import Kind, StatementAnswer

DESCRIPTION_MAX_WORDS = 150
LOGO_MAX_BYTES = 20 * MB
_CHOOSE: tuple[str, Text] = ("", _("Choose"))
DECLARATION = "declaration"
_CO_LEAD = ("co_lead_name", "co_lead_title", "co_lead_email")
_EMAIL_ERRORS = {"invalid": _("Enter an email address, as in name@example.org.")}


def _text(name: str, *, required: bool = True, autocomplete: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete} if autocomplete else {})
    return TextField(
        label=APPLICATION_LABELS[name], max_length=150, required=required, widget=widget
    )


def _email(name: str, *, required: bool = True) -> forms.EmailField:
    return forms.EmailField(
        label=APPLICATION_LABELS[name],
        max_length=254,
        required=required,
        error_messages=_EMAIL_ERRORS,
    )


def _select(name: str, *, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=APPLICATION_LABELS[name],
        widget=FastSelect,
        help_text=help_text,
        error_messages=CHOICE_ERRORS,
    )


def _declaration_section() -> Section:
    return Section(
        DECLARATION_TITLE,
        declaration.Declaration(),
        css_id=DECLARATION,
        required=True,
        short=_("Declaration"),
        hint=_("Read each statement and tick it if it holds."),
    )


@lru_cache(maxsize=2)
def _regions(stamp: str) -> str:
    """The region of each country, for the page's script; the argument only tells states apart."""
    values = [value for value, _label in vocabularies.country_choices()]
    regions = {value: vocabularies.region_of_country(value) for value in values}
    return json.dumps(regions, separators=(",", ":"))


class ApplicationForm(SubmissionForm):
    """The Expression of Interest, with the client's labels to the letter."""

    name = forms.CharField(label=APPLICATION_LABELS["name"], max_length=300)
    logo = PictureField(
        label=LOGO_LABEL, purpose="application-logo", max_bytes=LOGO_MAX_BYTES, required=False
    )
    country = _select("country")
    region = _select("region", help_text=_("Follows the country; can be changed."))
    sdgs = forms.MultipleChoiceField(
        label=APPLICATION_LABELS["sdgs"], widget=SdgPicker, help_text=_("Choose one or more.")
    )
    partner_category = _select("partner_category")
    partner_category_other = forms.CharField(
        label=APPLICATION_LABELS["partner_category_other"],
        max_length=200,
        required=False,
        help_text=_("In your own words, if you chose Other."),
        widget=forms.TextInput(attrs={"data-other-of": "partner_category"}),
    )
    website = forms.URLField(
        label=APPLICATION_LABELS["website"],
        max_length=300,
        assume_scheme="https",
        help_text=_("For instance example.org; we add https:// for you."),
        error_messages={
            "invalid": _("Enter a web address that begins with http:// or https://."),
        },
    )
    description = WordsField(
        label=APPLICATION_LABELS["description"],
        max_words=DESCRIPTION_MAX_WORDS,
        help_text=_("What you do, and for whom."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    lead_name = _text("lead_name")
    lead_title = _text("lead_title")
    lead_email = _email("lead_email")
    co_lead_name = _text("co_lead_name", required=False)
    co_lead_title = _text("co_lead_title", required=False)
    co_lead_email = _email("co_lead_email", required=False)
    interest = forms.MultipleChoiceField(
        label=_("How would you like to take part?"),
        widget=FastCheckboxes,
        help_text=_("Choose one or more."),
        error_messages={"required": _("Choose at least one answer.")},
    )

    kind = Kind.EXPRESSION_OF_INTEREST
    asks = {
        "name": (),
        "logo": (),
        "country": ("region",),
        "region": (),
        "sdgs": (),
        "partner_category": ("partner_category_other", DECLARATION),
        "website": (),
        "description": (),
        "lead_name": (),
        "lead_title": (),
        "lead_email": (),
        "co_lead_name": _CO_LEAD,
        "interest": (),
        DECLARATION: (),
    }
    others = {"partner_category": "partner_category_other"}
    texts = (
        "name",
        "partner_category_other",
        "website",
        "description",
        "lead_name",
        "lead_title",
        "lead_email",
        *_CO_LEAD,
    )
    choices_of_one = ("country", "region", "partner_category")
    choices_of_many = ("sdgs", "interest")

    def prepare(self) -> None:
        self._offer_choices()
        self.fields["name"].help_text = format_html(
            '<a href="{}#exclusions">{}</a>', reverse("about"), _("Which entities are excluded")
        )
        self.fields["country"].help_text = vocabularies.country_disclaimer()
        website = self.fields["website"]
        website.validators = [
            validator for validator in website.validators if not isinstance(validator, URLValidator)
        ] + [URLValidator(schemes=["http", "https"], message=website.error_messages["invalid"])]

    def complete(self) -> None:
        # Shared by all forms, so not among those that each one copies.
        self.fields |= declaration.declaration_fields()

    def without_idle_fields(self) -> Self:
        # Most of the declaration's sixty are empty; to check them took longer than all others.
        for name in declaration.idle_names(self.category) | declaration.unused_names(self.data):
            del self.fields[name]
        return self

    def own_parts(self) -> dict[str, Callable[[], str]]:
        # Which statements show hangs on the category.
        return super().own_parts() | {DECLARATION: partial(declaration.Declaration().drawn, self)}

    def ask_label(self, name: str) -> Text:
        special = {
            "logo": LOGO_LABEL,
            "co_lead_name": _("Co-lead"),
            DECLARATION: DECLARATION_TITLE,
        }
        return special.get(name) or super().ask_label(name)

    def opened_by(self, name: str) -> set[str]:
        opened = super().opened_by(name)
        return opened | set(declaration.declaration_fields()) if DECLARATION in opened else opened

    def lists(self) -> dict[str, str]:
        return {
            "region": "region",
            "sdgs": "sdg",
            "partner_category": "partner-category",
            "interest": "interest",
        }

    def _offer_choices(self) -> None:
        choices = vocabularies.choices
        offer(self, "country", [_CHOOSE, *vocabularies.country_choices()])
        offer(self, "region", [_CHOOSE, *choices("region")])
        self.fields["region"].widget.attrs["data-regions"] = _regions(vocabularies.stamp())
        offer(self, "sdgs", choices("sdg"))
        offer(self, "partner_category", [_CHOOSE, *choices("partner-category")])
        interests = vocabularies.offer("interest")
        self.fields["interest"].widget = FastCheckboxes(descriptions=interests.helps)
        offer(self, "interest", interests.choices)

    def parts(self) -> list[Section]:
        sections = [
            Section(
                _("Your institution"),
                "name",
                "logo",
                "country",
                "region",
                "sdgs",
                "partner_category",
                "partner_category_other",
                "website",
                "description",
                css_id="institution",
                short=_("Institution"),
            ),
            Section(
                _("Contacts"),
                "lead_name",
                "lead_title",
                "lead_email",
                Group(_("Co-lead, if there is one"), *_CO_LEAD),
                css_id="contacts",
                hint=_("A co-lead is optional: give all three details or none."),
            ),
            Section(
                APPLICATION_LABELS["interest"],
                "interest",
                css_id="interest",
                required=True,
                short=_("Interest"),
                hint=_(
                    "Additional information on proposed areas of engagement may be requested "
                    "through the platform following initial review by the Alliance Secretariat."
                ),
            ),
        ]
        return [*sections, _declaration_section()] if self.has_declaration else sections

    @property
    def has_declaration(self) -> bool:
        return any(name.startswith(declaration.CONFIRM) for name in self.fields)

    @property
    def category(self) -> str:
        """The partner category, which says what statements apply; empty while none is chosen."""
        if "partner_category" in self.fields:
            return str(self["partner_category"].value() or "")
        standing = self.standing.get("partner_category")
        return str(standing["code"]) if standing else ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "co_lead_name" in self.fields:
            self._check_co_lead()
        if self.has_declaration:
            declaration.check(self, self.category)
        return self.cleaned_data

    def _check_co_lead(self) -> None:
        given = [name for name in _CO_LEAD if self.cleaned_data.get(name) or name in self.errors]
        if not given:
            return
        for name in _CO_LEAD:
            if name not in given:
                self.add_error(
                    name, _("Give all three details of the co-lead, or leave all three empty.")
                )

    def statements(self) -> list[StatementAnswer]:
        if not self.has_declaration:
            return []
        return declaration.statement_answers(self.cleaned_data, self.category)
