"""What docs/security.md claims: every requirement is spoken of, and each claim has its test."""

import re
from pathlib import Path
from typing import NamedTuple

from tests.rules.named_tests import TESTS, is_test

CHECKOUT = Path(__file__).resolve().parents[2]

# How many requirements of level 1 and 2 each section of ASVS 5.0.0 has; they come first in it.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
REQUIREMENTS = [
    f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)
]
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+.*?) \|(.*)\|$", re.MULTILINE)


class Row(NamedTuple):
    """One line of the table; `numbers` as it stands there, which may be several."""

    numbers: str
    what: str
    state: str
    where: str
    test: str

    @property
    def requirements(self) -> list[str]:
        """All that the line speaks of: “1.2.6 to 1.2.8” are three, “6.2.2, 6.2.3” two."""
        first, _, last = self.numbers.partition(" to ")
        if not last:
            return self.numbers.split(", ")
        return REQUIREMENTS[REQUIREMENTS.index(first) : REQUIREMENTS.index(last) + 1]


def document() -> str:
    return CHECKOUT.joinpath("docs", "security.md").read_text(encoding="utf-8")


def table() -> list[Row]:
    return [
        Row(numbers, *(cell.strip() for cell in rest.split("|")))
        for numbers, rest in _ROW.findall(document())
    ]


def test_every_requirement_of_level_two_is_spoken_of_once_and_in_its_order() -> None:
    assert len(REQUIREMENTS) == 253
    assert [number for row in table() for number in row.requirements] == REQUIREMENTS


def test_each_line_says_how_things_stand_and_why() -> None:
    assert {row.state for row in table()} == {"met", "not met", "not applicable"}
    assert [row.numbers for row in table() if not (row.what and row.where)] == []


def test_each_claim_names_a_test_that_exists_and_nothing_else_does() -> None:
    without = []
    for row in table():
        has_test = is_test(row.test.strip("`"))
        if has_test != (row.state == "met") or (row.state != "met" and row.test):
            without.append(f"{row.numbers}: {row.state}, {row.test or 'no test'}")
    assert without == []


def test_each_rule_of_ours_has_an_example_that_it_must_find() -> None:
    """Rules on pages are for templates, of which there is no example in Python."""
    rules = TESTS.joinpath("security", "conventions.yml").read_text(encoding="utf-8")
    examples = TESTS.joinpath("security", "conventions.py").read_text(encoding="utf-8")
    named = set(re.findall(r"^  - id: ([a-z-]+)$", rules, re.MULTILINE))
    assert named - {"templates-trust-no-words"} == set(re.findall(r"# ruleid: (\S+)", examples))


def test_the_inventory_of_keys_names_each_key_of_the_settings() -> None:
    given = CHECKOUT.joinpath(".env.example").read_text(encoding="utf-8")
    keys = set(re.findall(r"^#?([A-Z]+_(?:KEY|TOKEN))=", given, re.MULTILINE))
    assert keys == set(re.findall(r"^\| `([A-Z_]+)` \|", document(), re.MULTILINE))
