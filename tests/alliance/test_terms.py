"""Terms: their wording and its versions, their data, and how they are edited and retired."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import override

from alliance import vocabularies
from alliance.models.vocabulary import Term, Vocabulary
from alliance.reference_data import load_reference_data


@pytest.fixture(autouse=True)
def reference_data(db: None) -> None:
    load_reference_data()


def term(vocabulary: str, code: str) -> Term:
    return Term.objects.get(vocabulary=vocabulary, code=code)


def test_an_sdg_has_its_number_colours_and_six_titles() -> None:
    water = term("sdg", "sdg-06")
    assert water.data == {
        "number": 6,
        "color": "#26BDE2",
        "text_color": "#000000",
        "uri": "http://metadata.un.org/sdg/6",
    }
    titles = dict.fromkeys(("en", "fr", "es", "ar", "zh-hans", "ru"), "")
    for language in titles:
        with override(language):
            titles[language] = water.label
    assert titles == {
        "en": "Clean Water and Sanitation",
        "fr": "Eau propre et assainissement",
        "es": "Agua limpia y saneamiento",
        "ar": "المياه النظيفة والنظافة الصحية",
        "zh-hans": "清洁饮水和卫生设施",
        "ru": "Чистая вода и санитария",
    }


def test_the_text_on_every_sdg_colour_can_be_read() -> None:
    for goal in Term.objects.of("sdg"):
        assert contrast(goal.data["color"], goal.data["text_color"]) >= 4.5, goal.code


def test_themes_are_limited_to_three() -> None:
    assert Vocabulary.objects.get(pk="theme").max_choices == 3


def test_other_is_offered_wherever_it_may_be_explained() -> None:
    allowed = Vocabulary.objects.filter(allow_other=True).values_list("code", flat=True)
    offered = Term.objects.filter(code="other").values_list("vocabulary", flat=True)
    assert set(allowed) == {
        "connect-reason",
        "contribution-type",
        "modality",
        "organization-type",
        "partner-category",
        "person-role",
        "support-type",
        "theme",
    }
    assert set(allowed) <= set(offered)


def test_a_code_is_refused_a_change_even_in_bulk() -> None:
    with pytest.raises(DatabaseError, match="code_is_permanent"), transaction.atomic():
        Term.objects.filter(code="health").update(code="wellness")
    row = term("theme", "health")
    row.code = "wellness"
    with pytest.raises(ValidationError, match="A code is for good"):
        row.full_clean()


def test_a_term_is_retired_and_never_deleted() -> None:
    with pytest.raises(DatabaseError, match="is_retired_not_deleted"), transaction.atomic():
        Term.objects.filter(code="health").delete()
    Term.objects.filter(code="health").update(is_active=False)
    assert "health" not in dict(vocabularies.choices("theme"))
    assert vocabularies.label("theme", "health") == "Health and well-being"


def test_a_new_wording_raises_the_version_however_it_is_written() -> None:
    row = term("declaration", "dd-accuracy")
    row.label_en = "All that we say is true."
    row.save()
    assert row.version == 2
    Term.objects.filter(pk=row.pk).update(label_fr="Tout est vrai.", version=9)
    row.refresh_from_db()
    assert row.version == 3


def test_order_description_and_retirement_leave_the_version_alone() -> None:
    row = term("declaration", "dd-accuracy")
    row.order, row.help_en, row.is_active = 1, "Meant for everybody.", False
    row.save()
    assert row.version == 1


def test_a_wording_names_the_language_that_it_really_is_in() -> None:
    row = term("declaration", "dd-publish")
    with override("fr"):
        assert vocabularies.wording(row) == {
            "code": "dd-publish",
            "label": row.label_en,
            "language": "en",
            "version": 1,
        }
        assert vocabularies.wording(term("sdg", "sdg-01"))["language"] == "fr"


@pytest.mark.parametrize(
    ("vocabulary", "code", "data", "message"),
    [
        ("theme", "health", {"sdgs": ["sdg-18"]}, "“sdgs” cannot be: sdg-18."),
        (
            "declaration",
            "dd-aml",
            {"tick": "must", "applies_to": []},
            "“applies_to” is missing.",
        ),
        (
            "declaration",
            "dd-aml",
            {"tick": "maybe", "applies_to": ["other"]},
            "“tick” cannot be: maybe.",
        ),
        (
            "exclusion",
            "ex-vice",
            {"outcome": "stop", "reach": {"state": "no"}},
            "“reach” needs",
        ),
        ("exclusion", "ex-vice", {"outcome": "stop", "reach": "no"}, "“reach” needs"),
        ("theme", "health", [], "Write an object"),
    ],
)
def test_data_that_the_portal_could_not_read_is_refused(
    vocabulary: str, code: str, data: object, message: str
) -> None:
    row = term(vocabulary, code)
    row.data = data
    with pytest.raises(ValidationError, match=message):
        row.full_clean()


def contrast(first: str, second: str) -> float:
    """The contrast of two colours (#RRGGBB), as WCAG 2.2 defines it: 1 to 21."""

    def luminance(color: str) -> float:
        channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
