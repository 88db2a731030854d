"""On which pages of a report some words stand, and as which words of them.

The index knows the places of words in a part of a report, and how many words stand before each of
its pages.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple
from uuid import UUID

from knowledge.models import IndexEntry, IndexPart
from knowledge.search.asking import ask

# Words that stand so near belong together.
_NEAR = 3

# Only the words looked for, with their places: the weight is but a mark to choose them by.
_SOUGHT = """(
    SELECT json_object_agg(lexeme, positions)
    FROM unnest(ts_filter(setweight({words}, 'A', {lexemes}), '{{a}}'))
)"""
_IN_PARTS = f"""
SELECT report_id, file, pages, starts, {_SOUGHT.format(words="everything", lexemes="%(lexemes)s")}
FROM {IndexEntry._meta.db_table} WHERE report_id = ANY(%(ids)s)
UNION ALL
SELECT entry_id, file, pages, starts, {_SOUGHT.format(words="words", lexemes="%(lexemes)s")}
FROM {IndexPart._meta.db_table} WHERE entry_id = ANY(%(ids)s)
UNION ALL
SELECT -nth, NULL, NULL, NULL, {
    _SOUGHT.format(words="to_tsvector(config::regconfig, text)", lexemes="%(lexemes)s")
}
FROM unnest(%(configs)s::text[], %(titles)s::text[]) WITH ORDINALITY title(config, text, nth)
"""  # noqa: S608 - names of our own


class Hit(NamedTuple):
    """A page with words that were looked for: how often each stands where, counted from one."""

    report: int
    file: UUID
    number: int
    places: dict[int, str]

    @property
    def words(self) -> int:
        """How many different words of those looked for the page has."""
        return len(set(self.places.values()))

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The more of the words, the more of them side by side, the more often, the better."""
        places = sorted(self.places)
        near = sum(
            after - before <= _NEAR and self.places[after] != self.places[before]
            for before, after in pairwise(places)
        )
        return self.words, near, len(places), -self.number


class Places(NamedTuple):
    """Where words stand: on which pages, and in each title as which of its words."""

    hits: list[Hit]
    titles: list[list[int]]


def pages_with(report: int, file: UUID, lexemes: Sequence[str]) -> list[int]:
    """The numbers of the file's pages that have all of the words. Raises TookTooLong."""
    found = places([report], lexemes).hits if lexemes else []
    return sorted(hit.number for hit in found if hit.file == file and hit.words == len(lexemes))


def places(
    reports: Sequence[int], lexemes: Sequence[str], titles: Sequence[tuple[str, str]] = ()
) -> Places:
    """The pages of the reports that have any of the words, as the index spells them.

    With them the places in some titles, each given as its configuration and its folded words.
    Raises TookTooLong.
    """
    values = {
        "ids": list(reports),
        "lexemes": list(lexemes),
        "configs": [config for config, _title in titles],
        "titles": [title for _config, title in titles],
    }
    found = Places([], [[] for _title in titles])
    for report, file, pages, starts, positions in ask(_IN_PARTS, values):
        if report < 0:  # a title, by its number
            found.titles[-report - 1] += chain.from_iterable((positions or {}).values())
            continue
        on_pages: dict[int, dict[int, str]] = defaultdict(dict)
        for nth, place, lexeme in _on_pages(starts, positions or {}):
            on_pages[nth][place] = lexeme
        found.hits.extend(Hit(report, file, pages[nth], held) for nth, held in on_pages.items())
    return found


def _on_pages(starts: list[int], found: dict[str, list[int]]) -> Iterator[tuple[int, int, str]]:
    """The page of each place, as the how-manieth of its part, with the place on it."""
    for lexeme, positions in found.items():
        for position in positions:
            nth = bisect_left(starts, position) - 1
            yield nth, position - starts[nth], lexeme
