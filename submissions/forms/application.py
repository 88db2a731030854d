"""The Alliance Application Form."""

import json
from typing import Any, cast

from django import forms
from django.core.validators import URLValidator
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.crispy import Group, Helper, Section
from alliance.files.forms import PictureField
from alliance.files.sizes import MB
from alliance.text import Text
from alliance.widgets import DescribedCheckboxes, FastSelect, SdgPicker
from alliance.words import WordsField
from submissions.answers import (
    APPLICATION_LABELS,
    DECLARATION_TITLE,
    LOGO_LABEL,
    Answers,
    Choice,
    Value,
)
from submissions.forms import declaration
from submissions.forms.choices import choice_field, offer

DESCRIPTION_MAX_WORDS = 150
LOGO_MAX_BYTES = 20 * MB
OTHER = "other"

_CHOOSE: tuple[str, Text] = ("", _("Choose"))
_CO_LEAD = ("co_lead_name", "co_lead_title", "co_lead_email")
_EMAIL_ERRORS = {"invalid": _("Enter an email address, as in name@example.org.")}
_CHOICE_ERRORS = {"invalid_choice": _("Choose one of the answers in the list.")}


def _text(name: str, *, required: bool = True, autocomplete: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete} if autocomplete else {})
    return forms.CharField(
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
        error_messages=_CHOICE_ERRORS,
    )


class ApplicationForm(forms.Form):
    """The Expression of Interest, with the client's labels to the letter.

    A draft may hold anything; `is_valid` says whether it can be sent, `answers` what is sent.
    """

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
        widget=DescribedCheckboxes,
        help_text=_("Choose one or more."),
        error_messages={"required": _("Choose at least one answer.")},
    )

    def __init__(self, *args: Any, exclusions_url: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_choices()
        self.fields["name"].help_text = format_html(
            '<a href="{}">{}</a>',
            exclusions_url or reverse_lazy("about") + "#exclusions",
            _("Which entities are excluded"),
        )
        self.fields["country"].help_text = vocabularies.country_disclaimer()
        website = self.fields["website"]
        website.validators = [
            validator for validator in website.validators if not isinstance(validator, URLValidator)
        ] + [URLValidator(schemes=["http", "https"], message=website.error_messages["invalid"])]
        self.fields |= declaration.declaration_fields()
        self.helper = self._layout()

    def _offer_choices(self) -> None:
        choices = vocabularies.choices
        countries = vocabularies.country_choices()
        offer(self, "country", [_CHOOSE, *countries])
        offer(self, "region", [_CHOOSE, *choices("region")])
        self.fields["region"].widget.attrs["data-regions"] = json.dumps(
            {value: vocabularies.region_of_country(value) for value, _label in countries},
            separators=(",", ":"),
        )
        offer(self, "sdgs", choices("sdg"))
        offer(self, "partner_category", [_CHOOSE, *choices("partner-category")])
        interests = vocabularies.terms("interest")
        self.fields["interest"].widget = DescribedCheckboxes(
            descriptions={term.code: term.help for term in interests}
        )
        offer(self, "interest", [(term.code, term.label) for term in interests])

    def _layout(self) -> Helper:
        return Helper(
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
                hint=_(
                    "Additional information on proposed areas of engagement may be requested "
                    "through the platform following initial review by the Alliance Secretariat."
                ),
            ),
            Section(
                DECLARATION_TITLE,
                declaration.Declaration(),
                css_id="declaration",
                required=True,
                hint=_("Read each statement and tick it if it holds."),
            ),
            form_tag=False,
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._check_other()
        self._check_co_lead()
        declaration.check(self, str(self.cleaned_data.get("partner_category", "")))
        return self.cleaned_data

    def _check_other(self) -> None:
        if self.cleaned_data.get("partner_category") != OTHER:
            self.cleaned_data["partner_category_other"] = ""
        elif not self.cleaned_data.get("partner_category_other"):
            self.add_error("partner_category_other", _("Say which, because you chose Other."))

    def _check_co_lead(self) -> None:
        given = [name for name in _CO_LEAD if self.cleaned_data.get(name) or name in self.errors]
        if not given:
            return
        for name in _CO_LEAD:
            if name not in given:
                self.add_error(
                    name, _("Give all three details of the co-lead, or leave all three empty.")
                )

    def answers(self) -> Answers:
        """What is sent, of a form without errors."""
        cleaned = self.cleaned_data
        values: dict[str, Value] = {name: str(cleaned[name]) for name in _TEXT_FIELDS}
        for name in ("country", "region", "partner_category"):
            values[name] = self._choice(name, cleaned[name])
        for name in ("sdgs", "interest"):
            values[name] = [self._choice(name, code) for code in cleaned[name]]
        return Answers(
            values=values,
            statements=declaration.statement_answers(cleaned, cleaned["partner_category"]),
            language=get_language() or "en",
        )

    def _choice(self, name: str, code: str) -> Choice:
        labels = dict(cast(list[tuple[str, Text]], choice_field(self, name).choices))
        return Choice(code=code, label=str(labels[code]))


_TEXT_FIELDS = (
    "name",
    "partner_category_other",
    "website",
    "description",
    "lead_name",
    "lead_title",
    "lead_email",
    *_CO_LEAD,
)
