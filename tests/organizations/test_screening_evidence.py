"""What speaks for or against a hit beside the name, and where that puts it in the queue."""

import pytest

from organizations.screening.evidence import Facts, Verdict, priority, weigh
from organizations.screening.matching import Band

AGREES, DIFFERS, UNKNOWN = Verdict.AGREES, Verdict.DIFFERS, Verdict.UNKNOWN
LISTED = Facts.of(is_person=True, birth_years=[[1960, 1962]], countries=["Côte d'Ivoire", "Mali"])
NOTHING_KNOWN = Facts.of(is_person=True, birth_years=[], countries=[])


@pytest.mark.parametrize(
    ("facts", "year", "country", "verdicts"),
    [
        (LISTED, None, "", (UNKNOWN, UNKNOWN)),
        (NOTHING_KNOWN, 1961, "Mali", (UNKNOWN, UNKNOWN)),
        (LISTED, 1958, "Malawi", (DIFFERS, DIFFERS)),
        (LISTED, 1959, "COTE D’IVOIRE", (AGREES, AGREES)),
        (LISTED, 1963, "Mali", (AGREES, AGREES)),
        (LISTED, 1964, "Mali", (DIFFERS, AGREES)),
    ],
)
def test_what_is_not_known_speaks_neither_for_nor_against(
    facts: Facts, year: int | None, country: str, verdicts: tuple[Verdict, Verdict]
) -> None:
    found = weigh(facts, is_person=True, birth_year=year, country=country)
    assert (found["birth_year"], found["country"]) == verdicts
    assert found["kind"] == AGREES
    other = weigh(facts, is_person=False, birth_year=year, country=country)
    assert other["kind"] == DIFFERS


def place(
    *,
    band: Band = Band.STRONG,
    country: Verdict = UNKNOWN,
    birth_year: Verdict = UNKNOWN,
    kind: Verdict = AGREES,
) -> int:
    verdicts = {"country": country, "birth_year": birth_year, "kind": kind}
    return priority(band, 90.4, verdicts)


def test_the_queue_begins_with_what_agrees_and_ends_with_what_differs() -> None:
    assert place() == 290
    assert place(band=Band.POSSIBLE) == 190
    assert place(country=AGREES, birth_year=AGREES) == 350
    assert place(country=DIFFERS, birth_year=DIFFERS, kind=DIFFERS) == 200
    assert place(kind=UNKNOWN) == 290
