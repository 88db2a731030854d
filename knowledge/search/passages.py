"""Where in a report the words stand: the title, and one or two pages with the words marked.

The index says as which words of a page the ones looked for stand there, and folding says where the
n-th word of a text begins and ends: so what is marked is the text as people read it, in any
spelling, and nothing is stemmed a second time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import NamedTuple

from knowledge.folding import config_of, fold, spans
from knowledge.models import Edition, EditionFile, Page
from knowledge.search.asking import ask
from knowledge.search.parsing import Question
from knowledge.search.places import Hit, hits

PAGES_PER_REPORT = 2
# What is shown of a page, in signs.
_LENGTH = 220
_BEFORE = 60
_LINES = re.compile(r"\s+")

_TEXTS = f"""
SELECT nth, edition.language, page.text, NULL
FROM unnest(%(files)s::uuid[], %(numbers)s::int[]) WITH ORDINALITY hit(file, number, nth)
JOIN {Page._meta.db_table} page ON page.file_id = hit.file AND page.number = hit.number
JOIN {EditionFile._meta.db_table} file ON file.{EditionFile._meta.pk.column} = hit.file
JOIN {Edition._meta.db_table} edition ON edition.id = file.edition_id
UNION ALL
SELECT -nth, '', '', (
    SELECT array_agg(place) FROM unnest(to_tsvector(config::regconfig, text)) word,
        unnest(word.positions) place WHERE word.lexeme = ANY(%(lexemes)s)
)
FROM unnest(%(configs)s, %(titles)s) WITH ORDINALITY title(config, text, nth)
"""  # noqa: S608 - names of our own


class Piece(NamedTuple):
    """A piece of text, and whether it is a word that was looked for."""

    text: str
    is_marked: bool


class Passage(NamedTuple):
    """Part of a page, in pieces."""

    language: str
    number: int
    pieces: list[Piece]


class Marked(NamedTuple):
    """What of a report is to be shown with its words marked."""

    title: list[Piece]
    passages: list[Passage]


def passages(asked: Question, titles: Sequence[tuple[int, str, str]]) -> dict[int, Marked]:
    """What to mark of some reports, given as number, language and title, in two questions.

    Raises TookTooLong.
    """
    if not titles or not asked.lexemes:
        return {}
    best = _best(hits([pk for pk, _language, _title in titles], asked.lexemes))
    configs = [config_of(language) for _pk, language, _title in titles]
    values = {
        "files": [hit.file for hit in best],
        "numbers": [hit.number for hit in best],
        "configs": configs,
        "titles": [
            fold(title, config)
            for (_pk, _language, title), config in zip(titles, configs, strict=True)
        ],
        "lexemes": asked.lexemes,
    }
    on_pages: dict[int, list[Passage]] = defaultdict(list)
    in_title: dict[int, list[int]] = {}
    for nth, language, text, places in ask(_TEXTS, values):
        if nth < 0:
            in_title[-nth] = places or []
            continue
        hit = best[nth - 1]
        pieces = shortened(marked(text, config_of(language), hit.places))
        on_pages[hit.report].append(Passage(language, hit.number, pieces))
    return {
        pk: Marked(
            marked(title, config, in_title.get(nth, ())), sorted(on_pages[pk], key=_by_number)
        )
        for nth, ((pk, _language, title), config) in enumerate(
            zip(titles, configs, strict=True), start=1
        )
    }


def _best(found: Iterable[Hit]) -> list[Hit]:
    """The best pages of each report."""
    by_report: dict[int, list[Hit]] = defaultdict(list)
    for hit in found:
        by_report[hit.report].append(hit)
    return [
        hit
        for of_report in by_report.values()
        for hit in nlargest(PAGES_PER_REPORT, of_report, key=lambda hit: hit.rank)
    ]


def _by_number(passage: Passage) -> tuple[str, int]:
    return passage.language, passage.number


def marked(text: str, config: str, places: Iterable[int]) -> list[Piece]:
    """`text` in pieces, with its words at these places (counted from one) marked."""
    found: list[tuple[int, int]] = []
    for start, end in spans(text, config, set(places)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    pieces, at = [], 0
    for start, end in found:
        pieces += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    pieces.append(Piece(text[at:], False))
    return [piece for piece in pieces if piece.text]


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The part of a text in which the most marked words stand, on one line."""
    marks, at = [], 0
    for piece in pieces:
        if piece.is_marked:
            marks.append(at)
        at += len(piece.text)
    length = at
    if not marks:
        return []
    begins = [max(0, mark - _BEFORE) for mark in marks]
    best = max(begins, key=lambda begin: sum(begin <= m < begin + _LENGTH for m in marks))
    text = "".join(piece.text for piece in pieces)
    start, end = _at_word(text, best), _at_word(text, min(best + _LENGTH, length))
    shown = [Piece("… ", False)] if start > 0 else []
    at = 0
    for piece in pieces:
        part = piece.text[max(0, start - at) : max(0, end - at)]
        at += len(piece.text)
        if part:
            shown.append(Piece(_LINES.sub(" ", part), piece.is_marked))
    if end < length:
        shown[-1] = Piece(shown[-1].text.rstrip(), shown[-1].is_marked)
        shown.append(Piece(" …", False))
    return shown


def _at_word(text: str, place: int) -> int:
    """The nearest place before `place` where a word begins; itself where no space is near."""
    if place in (0, len(text)):
        return place
    space = text.rfind(" ", max(0, place - 30), place)
    return space + 1 if space >= 0 else place
