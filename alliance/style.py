"""The page that shows every component of the look in every state. For builders, in local mode."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from alliance import vocabularies
from alliance.browsing.facets import FacetBox, Option, drawn
from alliance.browsing.forms import TEXT_LENGTH
from alliance.crispy import Actions, Button, Group, Helper, Pair, Section
from alliance.files.held_files import DocumentsField
from alliance.files.sizes import MB
from alliance.middleware import public
from alliance.widgets import (
    DescribedRadios,
    FastCheckboxes,
    FastSelect,
    SdgPicker,
    StatementCheckbox,
)
from alliance.words import WordsField

CHAPTERS = [
    ("type", "Type"),
    ("colour", "Colour"),
    ("buttons", "Buttons and links"),
    ("fields", "Fields"),
    ("errors", "Fields sent back"),
    ("files", "Files and progress"),
    ("goals", "Goals"),
    ("states", "States"),
    ("notices", "Notices"),
    ("entries", "Entries and cards"),
    ("tables", "Tables"),
    ("paging", "Filters and paging"),
    ("empty", "Empty"),
    ("steps", "Steps and timeline"),
    ("review", "Questions and revisions"),
    ("reading", "Reading"),
    ("home", "Home"),
]
COLOURS = [
    ("ink", "text"),
    ("ink-2", "second text"),
    ("action", "buttons, links"),
    ("accent", "lines, never text"),
    ("bar", "header, footer"),
    ("stone", "bands"),
    ("tint", "hover, chosen"),
    ("line", "hairlines"),
    ("edge", "borders of controls"),
    ("good", "settled"),
    ("warn", "your turn"),
    ("bad", "wrong"),
    ("focus", "focus"),
]
STATES = [
    ("draft", "Draft"),
    ("received", "Received"),
    ("review", "Under review"),
    ("action", "Action needed"),
    ("approved", "Approved"),
    ("declined", "Not approved"),
    ("withdrawn", "Withdrawn"),
    ("closed", "Closed"),
    ("published", "Published"),
    ("paused", "Paused"),
]
THEMES = [
    ("agriculture", "Agriculture and food security"),
    ("climate", "Climate action"),
    ("data", "Data and statistics"),
    ("disasters", "Disaster risk reduction and resilience"),
    ("education", "Education and skills"),
    ("energy", "Energy"),
]
STAGES = [("need", "Need identified"), ("concept", "Concept note or proposal ready")]
MESSAGE = "We would like to visit in March."
FACETS = [
    FacetBox(
        "theme",
        "Theme",
        [
            Option("climate", "Climate action", 14, chosen=True),
            Option("youth", "Youth", 6, chosen=False),
        ],
        open=True,
    ),
    FacetBox("region", "Region", [Option("africa", "Africa", 20, chosen=False)], open=False),
]
ORDERS = [("newest", "Newest"), ("ending", "Ending soon")]
MOMENTS = [
    {"title": "Questions sent to you", "note": "20 November", "mark": "now"},
    {"title": "Received", "note": "9 November", "mark": "done"},
    {"title": "Decision"},
]
STEPS = [
    {"href": "#steps", "title": "Institution", "note": "Complete", "mark": "done"},
    {
        "href": "#steps",
        "title": "Contacts",
        "note": "1 to correct",
        "mark": "wrong",
        "current": True,
    },
    {"href": "#steps", "title": "Interest", "note": "Not started"},
]


class ListForm(forms.Form):
    """The words that a list is searched for."""

    q = forms.CharField(label="Search", required=False, max_length=TEXT_LENGTH)


class DemoForm(forms.Form):
    """Every kind of field that the portal uses."""

    consent = forms.BooleanField(
        label="Authentication & Due Diligence",
        widget=StatementCheckbox("I am authorised to act for this institution."),
    )
    first_name = forms.CharField(label="First Name", max_length=150)
    last_name = forms.CharField(label="Last Name", max_length=150, help_text="As in the passport.")
    email = forms.EmailField(
        label="Email address",
        help_text="It becomes your login.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    code = forms.CharField(
        label="Code from the email",
        required=False,
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric"}),
    )
    reference = forms.CharField(
        label="Reference", disabled=True, required=False, initial="EOI-2026-000123"
    )
    country = forms.ChoiceField(
        label="2. Country",
        choices=[("", "Choose"), ("MW", "Malawi"), ("MY", "Malaysia")],
        widget=FastSelect,
    )
    kind = forms.ChoiceField(
        label="5. Partner category",
        choices=[("", "Choose"), ("academia", "Academia"), ("other", "Other")],
        widget=FastSelect,
    )
    kind_other = forms.CharField(
        label="Partner category other",
        required=False,
        help_text="In your own words, because you chose Other.",
        widget=forms.TextInput(attrs={"data-other-of": "kind"}),
    )
    stage = forms.ChoiceField(
        label="2. Current stage:",
        choices=STAGES,
        widget=DescribedRadios(descriptions={"need": "Problem stated, no plan yet."}),
    )
    themes = forms.MultipleChoiceField(
        label="A. Thematic Areas (select up to three)",
        choices=THEMES,
        widget=FastCheckboxes(attrs={"class": "two", "data-max-choices": 3}),
    )
    countries = forms.MultipleChoiceField(
        label="Countries",
        choices=[("CI", "Côte d'Ivoire"), ("KE", "Kenya"), ("MW", "Malawi"), ("MY", "Malaysia")],
        required=False,
        widget=FastCheckboxes(attrs={"class": "list"}),
    )
    goals = forms.MultipleChoiceField(label="4. SDG", widget=SdgPicker)
    message = WordsField(label="Short message", max_words=5)
    logo = forms.FileField(
        label="Organization logo", help_text="Maximum file size: 20 MB. PNG, JPEG or WebP."
    )
    documents = DocumentsField(
        label="Documents", purpose="style", most=10, max_bytes=20 * MB, required=False
    )
    remember = forms.BooleanField(
        label="Remember me",
        required=False,
        help_text="Keeps you logged in for 30 days on this device.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = self.fields["goals"]
        assert isinstance(goals, forms.MultipleChoiceField)
        goals.choices = [(goal.code, goal.label) for goal in vocabularies.terms("sdg")]
        # Two of these forms stand on the page, and every name is asked for once.
        self.fields["kind_other"].widget.attrs["data-other-of"] = self.add_prefix("kind")
        again = ", sent back" if self.is_bound else ""
        self.helper = Helper(
            Section(
                f"You{again}",
                "consent",
                Pair("first_name", "last_name"),
                "email",
                "password",
                "code",
                "reference",
                css_id=self.add_prefix("you"),
                hint="Fields marked * are required.",
            ),
            Section(
                f"Your institution{again}",
                Pair("country", "kind"),
                "kind_other",
                "goals",
                "themes",
                "countries",
                "stage",
                Group("A few words, and a picture", "message", "logo", "documents", "remember"),
                css_id=self.add_prefix("institution"),
            ),
            Actions(Button("Check and submit"), Button("Save and stop for now", style="quiet")),
        )


@public
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    wrong = QueryDict(mutable=True)
    wrong.update(
        {
            "wrong-email": "t.mbewe@",
            "wrong-kind": "other",
            "wrong-kind_other": "A regional network",
            "wrong-message": MESSAGE,
        }
    )
    goals = vocabularies.terms("sdg")
    return render(
        request,
        "style.html",
        {
            "chapters": CHAPTERS,
            "colours": COLOURS,
            "states": STATES,
            "fresh": DemoForm(initial={"message": "In March.", "themes": ["climate", "data"]}),
            "returned": DemoForm(wrong, prefix="wrong"),
            "goals": goals,
            "few_goals": goals[5:7],
            "facts": ["Lao PDR", "DEM-2026-000075", "16 Nov 2026"],
            "page": Paginator(range(90), 10).page(2),
            "list_form": ListForm({"q": "rain"}),
            "facets": drawn(FACETS),
            "chips": [("Climate action", "#paging")],
            "orders": ORDERS,
            "moments": MOMENTS,
            "steps": STEPS,
        },
    )
