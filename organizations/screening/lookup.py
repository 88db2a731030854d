"""Looks a name up in the list by hand. Nothing of it is kept: it is no screening of anybody."""

from dataclasses import dataclass

from organizations.models import ListedEntry, SanctionsSnapshot
from organizations.screening.evidence import Verdict, priority, weigh
from organizations.screening.in_force import list_in_force
from organizations.screening.matching import Match

# Further down nothing is like the name any more; names of one frequent word find many.
MOST = 50


@dataclass(frozen=True)
class Found:
    """An entry with a name like the one asked for, and what else speaks for and against."""

    entry: ListedEntry
    match: Match[int]
    verdicts: dict[str, Verdict]


@dataclass(frozen=True)
class Lookup:
    """`found` begins with what weighs most, as the list of hits does; `total` counts all."""

    snapshot: SanctionsSnapshot
    found: list[Found]
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.found)


def look_up(
    name: str, *, is_person: bool | None, birth_year: int | None, country: str
) -> Lookup | None:
    """Who on the list has a name like this; None where no list was taken yet. Two queries.

    What is not known of the party (None, or an empty `country`, else its name in English) speaks
    neither for nor against an entry.
    """
    current = list_in_force()
    if current is None:
        return None
    weighed = []
    for match in current.index.find(name):
        facts = current.facts[match.key]
        kind = facts.is_person if is_person is None else is_person
        verdicts = weigh(facts, is_person=kind, birth_year=birth_year, country=country)
        if is_person is None:
            verdicts["kind"] = Verdict.UNKNOWN
        weighed.append((priority(match.band, match.score, verdicts), match, verdicts))
    weighed.sort(key=lambda row: row[0], reverse=True)
    first = weighed[:MOST]
    entries = ListedEntry.objects.in_bulk([match.key for _weight, match, _verdicts in first])
    found = [Found(entries[match.key], match, verdicts) for _weight, match, verdicts in first]
    return Lookup(current.snapshot, found, len(weighed))
