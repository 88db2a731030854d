"""The forms of Demands and Offers: what they show, what they take, what they say."""

from typing import Any

import pytest
from django.test import Client

from alliance import vocabularies
from submissions.answers import Value
from submissions.forms import FORMS, ApplicationForm, DemandForm, OfferForm
from submissions.forms.base import SubmissionForm
from submissions.headline import headline
from submissions.typed import as_posted
from tests import factories

pytestmark = pytest.mark.django_db

FORMS_OF_BOTH = [DemandForm, OfferForm]


def bound(form_class: type[SubmissionForm], **changes: Any) -> SubmissionForm:
    return form_class(factories.posted(factories.demand_offer_data(form_class.kind, **changes)))


def codes(value: Value) -> list[str]:
    assert isinstance(value, list)
    return [choice["code"] for choice in value]


@pytest.mark.parametrize("form_class", FORMS_OF_BOTH)
def test_a_complete_form_is_valid_and_says_what_was_chosen(
    form_class: type[SubmissionForm],
) -> None:
    form = bound(form_class)
    assert form.errors == {}
    values = form.answers().values
    assert codes(values["themes"]) == ["climate", "drr-resilience"]
    assert values["timeframe"] == {"code": "medium", "label": "6 to 12 months"}
    assert values["stage"] == ""
    assert values["countries"] == []
    assert values["links"] == "https://example.org/gauges"


WRONG: list[tuple[str, dict[str, Any], dict[str, list[str]]]] = [
    (
        "four themes",
        {"themes": ["climate", "health", "gender", "youth"]},
        {"themes": ["Choose at most 3 answers: please take back 1."]},
    ),
    ("no support", {"support": None}, {"support": ["Choose at least one answer."]}),
    (
        "Other without words",
        {"modalities": ["other"]},
        {"modalities_other": ["Say which, because you chose Other."]},
    ),
    (
        "specific countries without one",
        {"geography": ["specific-countries"]},
        {"countries": ["Choose the countries, because you chose Specific countries."]},
    ),
    (
        "a country that does not exist",
        {"geography": ["specific-countries"], "countries": ["XX"]},
        {"countries": ["Choose one of the answers in the list."]},
    ),
    (
        "an entity instead of a country",
        {"geography": ["specific-countries"], "countries": ["global"]},
        {"countries": ["Choose one of the answers in the list."]},
    ),
    (
        "301 words",
        {"description": "word " * 301},
        {"description": ["Please shorten this by 1 word."]},
    ),
    (
        "201 words of outcomes",
        {"outcomes": "词" * 201},
        {"outcomes": ["Please shorten this by 1 word."]},
    ),
    (
        "202 words more",
        {"additional": "word\n" * 202},
        {"additional": ["Please shorten this by 2 words."]},
    ),
    (
        "a script as link",
        {"links": "https://example.org\njavascript:alert(1)"},
        {
            "links": [
                "“javascript:alert(1)” is no web address that begins with http:// or https://."
            ]
        },
    ),
    (
        "a file as link",
        {"links": "ftp://example.org/x"},
        {
            "links": [
                "“ftp://example.org/x” is no web address that begins with http:// or https://."
            ]
        },
    ),
    (
        "eleven links",
        {"links": "\n".join(f"example.org/{number}" for number in range(11))},
        {"links": ["Give at most 10 links."]},
    ),
    (
        "a stage of the other form",
        {"stage": "no-such-stage"},
        {"stage": ["Choose one of the answers in the list."]},
    ),
    (
        "NUL",
        {"outcomes": "Rain\0"},
        {"outcomes": ["There is a character in this that cannot be kept. Please type it anew."]},
    ),
]


@pytest.mark.parametrize("form_class", FORMS_OF_BOTH)
@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_a_wrong_answer_is_named_beside_its_field(
    form_class: type[SubmissionForm], changes: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    errors = {name: list(texts) for name, texts in bound(form_class, **changes).errors.items()}
    assert errors == expected


@pytest.mark.parametrize("form_class", FORMS_OF_BOTH)
def test_a_form_that_says_nothing_names_each_required_field_once(
    form_class: type[SubmissionForm],
) -> None:
    assert set(form_class(as_posted({})).errors) == {
        "support",
        "description",
        "themes",
        "geography",
        "modalities",
        "outcomes",
    }


def test_the_limit_of_themes_is_the_vocabularys_own() -> None:
    vocabulary = vocabularies.vocabulary("theme")
    vocabulary.max_choices = 1
    vocabulary.save()
    form = bound(DemandForm)
    assert form.errors["themes"] == ["Choose at most 1 answer: please take back 1."]
    assert form.fields["themes"].widget.attrs["data-max-choices"] == 1


def test_a_choice_that_was_sent_twice_counts_once() -> None:
    form = bound(DemandForm, themes=["climate", "climate", "health", "gender"])
    assert form.errors == {}
    assert codes(form.answers().values["themes"]) == ["climate", "health", "gender"]


def test_stages_are_those_of_the_kind() -> None:
    assert bound(DemandForm, stage="scoping").is_valid()
    assert not bound(OfferForm, stage="scoping").is_valid()
    assert bound(OfferForm, stage="scaling").is_valid()


def test_what_hangs_on_an_answer_that_was_not_given_is_dropped() -> None:
    form = bound(
        DemandForm,
        themes_other="left over " * 50,
        support_other="left over",
        countries=["MW", "XX"],
    )
    assert form.errors == {}
    values = form.answers().values
    assert [values[name] for name in ("themes_other", "support_other", "countries")] == ["", "", []]


def test_links_are_kept_once_each_with_their_scheme() -> None:
    form = bound(DemandForm, links=" example.org \n\nhttp://a.example/b\nhttps://example.org\n")
    assert form.errors == {}
    assert form.answers().values["links"] == "https://example.org\nhttp://a.example/b"


@pytest.mark.parametrize(
    "link",
    [
        "https://intranet/plan",
        "http://my_bucket.example.com/plan?a=1#b",
        "HTTPS://EXAMPLE.ORG:8443",
        "http://[2001:db8::1]/plan",
        "https://例え.example/計画",
    ],
)
def test_of_a_link_only_the_scheme_is_checked(link: str) -> None:
    assert bound(DemandForm, links=link).errors == {}


@pytest.mark.parametrize(
    "link",
    ["https://", "https:///plan", "https://[::", "https://a b", 'https://a"b', "https:\\\\a"],
)
def test_what_is_no_address_is_no_link(link: str) -> None:
    assert set(bound(DemandForm, links=link).errors) == {"links"}


def test_every_field_has_a_label() -> None:
    for form_class in FORMS.values():
        form = form_class()
        assert [name for name, field in form.fields.items() if not field.label] == []


def test_a_question_about_a_field_opens_what_hangs_on_it_and_nothing_else() -> None:
    form = bound(DemandForm, themes=["other"], themes_other="Chess", description="").restrict(
        ["themes", "geography"]
    )
    assert list(form.fields) == ["themes", "themes_other", "geography", "countries"]
    assert form.errors == {}
    assert set(form.answers().values) == {"themes", "themes_other", "geography", "countries"}


def test_a_restricted_form_draws_only_its_fields() -> None:
    form = DemandForm().restrict(["outcomes"])
    assert [part.title for part in form.helper.layout.fields] == ["Expected Outcomes"]


def test_the_declaration_can_be_asked_about_alone() -> None:
    confirmed = factories.posted(factories.application_data())
    form = ApplicationForm(confirmed).restrict(
        ["declaration"], standing={"partner_category": {"code": "government", "label": ""}}
    )
    assert form.is_valid(), form.errors
    answers = form.answers()
    assert answers.values == {}
    asked = vocabularies.declaration_statements("government")
    assert [answer.statement for answer in answers.statements] == [row.code for row in asked]


def test_another_category_opens_the_declaration_too() -> None:
    data = factories.application_data(partner_category="private-sector")
    form = ApplicationForm(factories.posted(data)).restrict(["partner_category"])
    assert "confirm_dd-weapons" in form.errors
    assert "lead_name" not in form.fields


@pytest.mark.parametrize("kind", FORMS)
def test_everything_that_can_be_asked_about_has_a_label_and_opens_fields_of_the_form(
    kind: str,
) -> None:
    form = FORMS[kind]()
    askable = form.askable()
    assert [name for name, label in askable if not str(label)] == []
    opened = set().union(*(form.opened_by(name) for name, _label in askable))
    assert set(form.fields) <= opened


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We need rain gauges. And more.", "We need rain gauges"),
        ("Rain rose by 3.5 mm a day! Help.", "Rain rose by 3.5 mm a day!"),
        ("\n\n First line\nsecond line", "First line"),
        ("我们需要雨量计。还有更多。", "我们需要雨量计"),
        ("word " * 40, "word " * 18 + "word…"),
        ("雨" * 150, "雨" * 99 + "…"),
        ("", ""),
    ],
)
def test_the_title_is_the_first_sentence(text: str, title: str) -> None:
    assert headline(text) == title
    assert len(headline(text)) <= 100


def test_the_application_form_still_lists_its_sections(owner_client: Client) -> None:
    form = owner_client.get("/apply/").context["form"]
    assert [part.css_id for part in form.helper.layout.fields] == [
        "institution",
        "contacts",
        "interest",
        "declaration",
    ]


@pytest.mark.parametrize("path", ["/demands/new/", "/offers/new/"])
def test_the_page_counts_the_themes_that_are_chosen(owner_client: Client, path: str) -> None:
    page = owner_client.get(path, follow=True).text
    assert 'aria-describedby="id_themes-count"' in page
    assert "<span>0 of 3 chosen</span><span>3 left</span>" in page
    kind = "demand" if path == "/demands/new/" else "offer"
    four = factories.demand_offer_data(kind, themes=["climate", "health", "gender", "youth"])
    again = owner_client.post(path, four, follow=True).text
    assert "<span>4 of 3 chosen</span><span>1 too many</span>" in again
