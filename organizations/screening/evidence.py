"""What else speaks for or against a hit: it moves it in the queue, and never hides it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from organizations.screening.matching import Band
from organizations.screening.spelling import one_spelling

# Birth years are often wrong by one: by another calendar, or counted from an age.
_YEARS_APART = 1


class Verdict(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Facts:
    """What the list says of a party beside its names."""

    is_person: bool
    birth_years: tuple[tuple[int, int], ...]
    countries: frozenset[str]

    @classmethod
    def of(
        cls, *, is_person: bool, birth_years: Iterable[Iterable[int]], countries: Iterable[str]
    ) -> "Facts":
        years = (tuple(pair) for pair in birth_years)
        return cls(
            is_person=is_person,
            birth_years=tuple((first, last) for first, last in years),
            countries=frozenset(map(one_spelling, countries)),
        )


# What each verdict adds to a hit's place in the queue.
_WEIGHTS = {"country": 20, "birth_year": 40, "kind": 30}


def weigh(
    facts: Facts, *, is_person: bool, birth_year: int | None, country: str
) -> dict[str, Verdict]:
    """The verdicts on country (a name in English, or empty), birth year and kind."""
    return {
        "country": _country(facts, country),
        "birth_year": _birth_year(facts, birth_year),
        "kind": Verdict.AGREES if facts.is_person == is_person else Verdict.DIFFERS,
    }


def priority(band: Band, score: float, verdicts: dict[str, Verdict]) -> int:
    """The higher, the sooner it is looked at; what agrees in kind is taken for granted."""
    found = 100 * band + round(score)
    for name, weight in _WEIGHTS.items():
        if verdicts[name] is Verdict.DIFFERS:
            found -= weight
        elif verdicts[name] is Verdict.AGREES and name != "kind":
            found += weight
    return found


def _country(facts: Facts, country: str) -> Verdict:
    if not country or not facts.countries:
        return Verdict.UNKNOWN
    return Verdict.AGREES if one_spelling(country) in facts.countries else Verdict.DIFFERS


def _birth_year(facts: Facts, year: int | None) -> Verdict:
    if year is None or not facts.birth_years:
        return Verdict.UNKNOWN
    agrees = any(
        first - _YEARS_APART <= year <= last + _YEARS_APART for first, last in facts.birth_years
    )
    return Verdict.AGREES if agrees else Verdict.DIFFERS
