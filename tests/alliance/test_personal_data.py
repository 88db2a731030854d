"""A person is recognised in what others wrote, and nobody else is."""

import pytest

from alliance.personal_data import Person


def person(first_name: str = "Mary Ann", last_name: str = "O’Brien") -> Person:
    return Person(
        pk=1,
        addresses=frozenset({"ann@example.org", "o'brien+news@example.org"}),
        first_name=first_name,
        last_name=last_name,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Mary Ann O’Brien",
        "MARY  ANN\nO’BRIEN",
        "O’Brien Mary Ann",
        "O’Brien, Mary Ann",
        "ann@example.org",
        "Ann@Example.ORG",
        "o&#x27;brien+news@example.org",
        "o%27brien%2Bnews%40example.org",
    ],
)
def test_name_and_address_are_replaced_however_they_are_written(text: str) -> None:
    assert person().redacted(f"To {text}. Yes.") == "To [former member]. Yes."


@pytest.mark.parametrize(
    "text",
    [
        "Mary Ann",
        "O’Brien",
        "Mary Ann O’Brienne",
        "Rosemary Ann O’Brien",
        "mary-ann@example.org",
        "joann@example.org",
        "ann@example.organic",
        "ann@example.org.uk",
        "ann@example",
    ],
)
def test_others_are_left_alone(text: str) -> None:
    assert person().redacted(f"To {text}: yes.") == f"To {text}: yes."


@pytest.mark.parametrize("text", ["我们问李小龙了", "李 小龙", "小龙李"])
def test_a_name_is_found_where_words_have_no_spaces(text: str) -> None:
    assert "小龙" not in person("小龙", "李").redacted(text)


def test_a_name_in_arabic_is_found() -> None:
    assert person("ليلى", "حداد").redacted("السيدة ليلى حداد هنا") == "السيدة [former member] هنا"


def test_values_of_json_are_gone_through_and_keys_are_kept() -> None:
    answers = {"lead": ["ann@example.org", {"name": "Mary Ann O’Brien"}], "number": 3, "no": None}
    assert person().redacted(answers) == {
        "lead": ["[former member]", {"name": "[former member]"}],
        "number": 3,
        "no": None,
    }


def test_half_a_name_is_no_name() -> None:
    assert person("", "Bank").redacted("The World Bank") == "The World Bank"


def test_a_whole_address_is_told_from_a_part_of_one() -> None:
    assert person().has_address_in({"to": "Ann@example.org"})
    assert not person().has_address_in({"to": "joann@example.org"})
