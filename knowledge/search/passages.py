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
from knowledge.search.places import Hit, places

PAGES_PER_REPORT = 2
# What is shown of a page, in signs.
_LENGTH = 220
_BEFORE = 60
_LINES = re.compile(r"\s+")

_TEXTS = f"""
SELECT nth, edition.language, page.text
FROM unnest(%(files)s::uuid[], %(numbers)s::int[]) WITH ORDINALITY hit(file, number, nth)
JOIN {Page._meta.db_table} page ON page.file_id = hit.file AND page.number = hit.number
JOIN {EditionFile._meta.db_table} file ON file.{EditionFile._meta.pk.column} = hit.file
JOIN {Edition._meta.db_table} edition ON edition.id = file.edition_id
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
    configs = [config_of(language) for _pk, language, _title in titles]
    found = places(
        [pk for pk, _language, _title in titles],
        asked.lexemes,
        [
            (config, fold(title, config))
            for (_pk, _language, title), config in zip(titles, configs, strict=True)
        ],
    )
    on_pages = _on_pages(_best(found.hits))
    return {
        pk: Marked(marked(title, config, in_title), on_pages[pk])
        for (pk, _language, title), config, in_title in zip(
            titles, configs, found.titles, strict=True
        )
    }


def _on_pages(best: list[Hit]) -> defaultdict[int, list[Passage]]:
    """The passages of each report, in the order of its pages."""
    on_pages: defaultdict[int, list[Passage]] = defaultdict(list)
    if best:
        values = {"files": [hit.file for hit in best], "numbers": [hit.number for hit in best]}
        for nth, language, text in ask(_TEXTS, values):
            hit = best[nth - 1]
            pieces = shortened(marked(text, config_of(language), hit.places))
            on_pages[hit.report].append(Passage(language, hit.number, pieces))
    for of_report in on_pages.values():
        of_report.sort(key=_by_number)
    return on_pages


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


def marked(text: str, config: str, numbers: Iterable[int]) -> list[Piece]:
    """`text` in pieces, with the words of these numbers (counted from one) marked."""
    found: list[tuple[int, int]] = []
    for start, end in spans(text, config, set(numbers)):
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
