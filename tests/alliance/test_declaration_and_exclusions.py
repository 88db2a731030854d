"""Who is asked for which statement, and whom which exclusion concerns."""

import pytest

from alliance import vocabularies
from alliance.exclusions import exclusions
from alliance.models.term_data import Audience, Outcome, Reach
from alliance.models.vocabulary import Term
from alliance.reference_data import load_reference_data

ASKED_OF_ALL = (
    "dd-accuracy dd-authority dd-values dd-ssc-principles dd-conflict dd-psea "
    "dd-no-endorsement dd-privacy dd-publish"
)
NON_UN = f"{ASKED_OF_ALL} dd-sanctions dd-fraud dd-name-emblem dd-screening"
NON_STATE = f"{NON_UN} dd-ineligibility dd-aml dd-labour dd-human-rights dd-environment"
EVERYTHING = f"{NON_STATE} dd-tobacco dd-weapons dd-other-sectors"


@pytest.fixture(autouse=True)
def reference_data(db: None) -> None:
    load_reference_data()


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("un-entity", ASKED_OF_ALL),
        ("government", NON_UN),
        ("local-government", NON_UN),
        ("regional-igo", f"{NON_UN} dd-ineligibility"),
        ("ifi", f"{NON_UN} dd-ineligibility dd-aml"),
        ("science-tech", NON_STATE),
        ("civil-society", f"{NON_STATE} dd-tobacco"),
        ("academia", f"{NON_STATE} dd-tobacco"),
        ("private-sector", EVERYTHING),
        ("foundation", EVERYTHING),
        ("other", EVERYTHING),
    ],
)
def test_each_category_is_asked_for_its_statements(category: str, expected: str) -> None:
    asked = [row.code for row in vocabularies.declaration_statements(category)]
    assert sorted(asked) == sorted(expected.split())


def test_a_category_that_staff_added_is_asked_for_everything() -> None:
    assert len(vocabularies.declaration_statements("diaspora")) == 21


def test_only_the_publication_is_optional() -> None:
    optional = [
        row.code for row in Term.objects.of("declaration") if row.data["tick"] == "optional"
    ]
    assert optional == ["dd-publish"]


def test_the_table_has_a_cell_for_everybody_in_every_row() -> None:
    table = exclusions()
    assert len(table) == 12
    assert [len(row.cells) for row in table] == [len(Audience)] * 12


def test_tobacco_stops_firms_and_counts_the_funding_of_others() -> None:
    row = next(row for row in exclusions() if row.term.code == "ex-tobacco")
    assert row.cells == [
        (Audience.STATE, Reach.NO),
        (Audience.PRIVATE_SECTOR, Reach.YES),
        (Audience.FOUNDATION, Reach.FUNDING),
        (Audience.NON_STATE, Reach.IF_INDUSTRY_FUNDED),
        (Audience.PERSONS, Reach.NO),
    ]
    assert (row.outcome, row.sources) == (
        Outcome.STOP,
        "Global Compact exclusions, UNDP exclusionary criterion 4",
    )
