"""The Submission of Demand Form and the Submission of Offer Form: two of a kind."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.choices import offer
from alliance.crispy import Section
from alliance.files.held_files import DocumentsField
from alliance.models import StagedUpload
from alliance.text import Text
from alliance.widgets import FastCheckboxes, FastSelect
from alliance.words import WordsField
from submissions.forms.base import SubmissionForm
from submissions.forms.choices import CHOICE_ERRORS, ManyField, offer_terms
from submissions.forms.documents import REMOVED_DOCUMENTS, Documents
from submissions.forms.links import LinksField
from submissions.labels import (
    ADDITIONAL_TITLE,
    FOCUS_TITLE,
    LABELS,
    MODALITIES_TITLE,
    OUTCOMES_TITLE,
    SECTIONS,
    TIMELINE_TITLE,
)
from submissions.models import Attachment, Kind

DESCRIPTION_MAX_WORDS = 300
OUTCOMES_MAX_WORDS = 200
ADDITIONAL_MAX_WORDS = 200
MOST_LINKS = 10
SPECIFIC_COUNTRIES = "specific-countries"

_CHOOSE: tuple[str, Text] = ("", _("Choose"))
_EXAMPLES = (
    _("Capacity strengthened"),
    _("Partnerships established"),
    _("Sectoral or regional strategies co-developed"),
    _("Solutions piloted"),
    _("Knowledge generated"),
    _("Policies informed"),
)


def _two_columns() -> FastCheckboxes:
    return FastCheckboxes(attrs={"class": "two"})


def _words_for_other(name: str) -> forms.CharField:
    return forms.CharField(
        max_length=200,
        required=False,
        help_text=_("In your own words, if you chose Other."),
        widget=forms.TextInput(attrs={"data-other-of": name}),
    )


def _select() -> forms.ChoiceField:
    return forms.ChoiceField(required=False, widget=FastSelect, error_messages=CHOICE_ERRORS)


class DemandOfferForm(SubmissionForm):
    """What a Demand and an Offer ask alike; the subclasses say it in their own words."""

    support = ManyField(widget=_two_columns(), help_text=_("Choose one or more."))
    support_other = _words_for_other("support")
    description = WordsField(
        max_words=DESCRIPTION_MAX_WORDS, widget=forms.Textarea(attrs={"rows": 12})
    )
    themes = ManyField(widget=_two_columns())
    themes_other = _words_for_other("themes")
    geography = ManyField(widget=_two_columns())
    countries = ManyField(
        required=False,
        widget=FastCheckboxes(
            attrs={
                "class": "list",
                "data-other-of": "geography",
                "data-other-value": SPECIFIC_COUNTRIES,
            }
        ),
    )
    modalities = ManyField(widget=_two_columns())
    modalities_other = _words_for_other("modalities")
    outcomes = WordsField(max_words=OUTCOMES_MAX_WORDS, widget=forms.Textarea(attrs={"rows": 8}))
    timeframe = _select()
    stage = _select()
    additional = WordsField(
        max_words=ADDITIONAL_MAX_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    links = LinksField(
        most=MOST_LINKS,
        required=False,
        help_text=_("One on each line, ten at most, as in https://example.org/report."),
    )
    attachments = DocumentsField(
        purpose="attachment",
        most=Attachment.MOST,
        max_bytes=Attachment.MAX_BYTES,
        required=False,
    )

    asks = {
        "support": ("support_other",),
        "description": (),
        "themes": ("themes_other",),
        "geography": ("countries",),
        "modalities": ("modalities_other",),
        "outcomes": (),
        "timeframe": (),
        "stage": (),
        "additional": (),
        "links": (),
        "attachments": (),
    }
    others = {
        "support": "support_other",
        "themes": "themes_other",
        "modalities": "modalities_other",
    }
    texts = (
        "support_other",
        "description",
        "themes_other",
        "modalities_other",
        "outcomes",
        "additional",
        "links",
    )
    choices_of_one = ("timeframe", "stage")
    choices_of_many = ("support", "themes", "geography", "countries", "modalities")

    support_vocabulary: ClassVar[str]
    stage_vocabulary: ClassVar[str]
    support_hint: ClassVar[Text]
    focus_hint: ClassVar[Text]

    def prepare(self) -> None:
        labels = LABELS[self.kind]
        for name, field in self.fields.items():
            field.label = labels[name]
        offer_terms(self, "support", self.support_vocabulary)
        offer_terms(self, "themes", "theme")
        offer_terms(self, "geography", "geographic-focus")
        offer_terms(self, "modalities", "modality")
        countries = vocabularies.country_choices()
        offer(self, "countries", [row for row in countries if vocabularies.is_country(row[0])])
        offer(self, "timeframe", [_CHOOSE, *vocabularies.choices("timeframe")])
        offer(self, "stage", [_CHOOSE, *vocabularies.choices(self.stage_vocabulary)])
        self.fields["outcomes"].help_text = _examples()
        self.fields["countries"].help_text = vocabularies.country_disclaimer()

    def complete(self) -> None:
        attachments = cast(DocumentsField, self.fields["attachments"])
        attachments.stand_beside({row.sha256: row.name for row in self._documents_that_stay()})

    def lists(self) -> dict[str, str]:
        return {
            "support": self.support_vocabulary,
            "themes": "theme",
            "geography": "geographic-focus",
            "modalities": "modality",
            "timeframe": "timeframe",
            "stage": self.stage_vocabulary,
        }

    def parts(self) -> list[Section]:
        description_title = SECTIONS[self.kind][0][0]
        return [
            Section(
                description_title,
                "support",
                "support_other",
                "description",
                css_id="description",
                short=_("Description"),
                hint=self.support_hint,
            ),
            Section(
                FOCUS_TITLE,
                "themes",
                "themes_other",
                "geography",
                "countries",
                css_id="focus",
                short=_("Focus"),
                hint=self.focus_hint,
            ),
            Section(
                MODALITIES_TITLE,
                "modalities",
                "modalities_other",
                css_id="modalities",
                short=_("Modalities"),
            ),
            Section(OUTCOMES_TITLE, "outcomes", css_id="outcomes", short=_("Outcomes")),
            Section(TIMELINE_TITLE, "timeframe", "stage", css_id="timeline", short=_("Timeline")),
            Section(
                ADDITIONAL_TITLE,
                "additional",
                "links",
                Documents("attachments"),
                css_id="additional",
                short=_("Additional"),
            ),
        ]

    def _documents_that_stay(self) -> list[Attachment]:
        posted = cast(MultiValueDict[str, str], self.data)
        removed = set(posted.getlist(REMOVED_DOCUMENTS))
        return [document for document in self.documents if str(document.pk) not in removed]

    def new_documents(self) -> list[StagedUpload]:
        # The ones that are sound, also where another one was refused.
        return list(self.fields["attachments"].widget.all_held)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "countries" in self.fields:
            self._check_countries()
        return self.cleaned_data

    def _check_countries(self) -> None:
        if SPECIFIC_COUNTRIES not in self.cleaned_data.get("geography", ()):
            self.cleaned_data["countries"] = []
            self.errors.pop("countries", None)
        elif not self.cleaned_data.get("countries") and "countries" not in self.errors:
            self.add_error(
                "countries", _("Choose the countries, because you chose Specific countries.")
            )


def _examples() -> str:
    return format_html(
        "{}<ul>{}</ul>",
        _("Examples:"),
        format_html_join("", "<li>{}</li>", ((example,) for example in _EXAMPLES)),
    )


class DemandForm(DemandOfferForm):
    """The Demand, with the client's labels to the letter."""

    kind = Kind.DEMAND
    support_vocabulary = "support-type"
    stage_vocabulary = "stage-demand"
    support_hint = _("Indicate the type of support or cooperation requested through the Alliance.")
    focus_hint = _("Please indicate the main focus areas of your demand:")


class OfferForm(DemandOfferForm):
    """The Offer, with the client's labels to the letter."""

    kind = Kind.OFFER
    support_vocabulary = "contribution-type"
    stage_vocabulary = "stage-offer"
    support_hint = _(
        "Indicate the type of contribution your institution can provide and describe the "
        "expertise, resources, or solutions you may offer."
    )
    focus_hint = _("Please indicate the main focus areas of your interest:")
