"""Where in a report the words stand: the title, and one or two pages with the words marked.

The index says as which words of a page the ones looked for stand there, and folding says where the
n-th word of a text begins and ends: so what is marked is the text as people read it, in any
spelling, and nothing is stemmed a second time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from knowledge.folding import config_of, fold, tokens
from knowledge.models import Edition, EditionFile, IndexEntry, IndexPage, Page
from knowledge.search.asking import ask
from knowledge.search.parsing import Question

PAGES_PER_REPORT = 2
# What is shown of a page, in signs.
_LENGTH = 220
_BEFORE = 60
_LINES = re.compile(r"\s+")

_PLACES = """(
    SELECT array_agg(place) FROM unnest({words}) word, unnest(word.positions) place
    WHERE word.lexeme = ANY(%(lexemes)s)
)"""
_ON_PAGES = f"""
SELECT entry.report_id, edition.language, hit.number, page.text, {_PLACES.format(words="hit.words")}
FROM {IndexEntry._meta.db_table} entry
CROSS JOIN LATERAL (
    SELECT file_id, number, words FROM {IndexPage._meta.db_table}
    WHERE file_id = ANY(entry.files) AND words @@ %(anywhere)s::tsquery
    ORDER BY (words @@ %(exact)s::tsquery) DESC, ts_rank(words, %(anywhere)s::tsquery) DESC, number
    LIMIT {PAGES_PER_REPORT}
) hit
JOIN {Page._meta.db_table} page ON page.file_id = hit.file_id AND page.number = hit.number
JOIN {EditionFile._meta.db_table} file ON file.{EditionFile._meta.pk.column} = hit.file_id
JOIN {Edition._meta.db_table} edition ON edition.id = file.edition_id
WHERE entry.report_id = ANY(%(ids)s)
UNION ALL
SELECT id, '', 0, '', {_PLACES.format(words="to_tsvector(config::regconfig, text)")}
FROM unnest(%(ids)s, %(configs)s, %(titles)s) title(id, config, text)
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
    """What to mark of some reports, given as number, language and title, in one question.

    Raises TookTooLong.
    """
    if not titles or not asked.anywhere:
        return {}
    configs = [config_of(language) for _pk, language, _title in titles]
    values = {
        "ids": [pk for pk, _language, _title in titles],
        "configs": configs,
        "titles": [
            fold(title, config)
            for (_pk, _language, title), config in zip(titles, configs, strict=True)
        ],
        "lexemes": asked.lexemes,
        "anywhere": asked.anywhere,
        "exact": asked.exact,
    }
    on_pages: dict[int, list[Passage]] = defaultdict(list)
    in_title: dict[int, list[int]] = {}
    for pk, language, number, text, places in ask(_ON_PAGES, values):
        if number:
            pieces = shortened(marked(text, config_of(language), places or ()))
            on_pages[pk].append(Passage(language, number, pieces))
        else:
            in_title[pk] = places or []
    return {
        pk: Marked(
            marked(title, config, in_title.get(pk, ())), sorted(on_pages[pk], key=_by_number)
        )
        for (pk, _language, title), config in zip(titles, configs, strict=True)
    }


def _by_number(passage: Passage) -> tuple[str, int]:
    return passage.language, passage.number


def marked(text: str, config: str, places: Iterable[int]) -> list[Piece]:
    """`text` in pieces, with its words at these places (counted from one) marked."""
    spans: list[tuple[int, int]] = []
    wanted = set(places)
    # Nothing is looked at beyond the last of them.
    for number, token in enumerate(islice(tokens(text, config), max(wanted, default=0)), start=1):
        if number not in wanted:
            continue
        if spans and token.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], token.end)
        else:
            spans.append((token.start, token.end))
    pieces, at = [], 0
    for start, end in spans:
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
