"""The words inside a report's files: all of them in the report's row, with their places in parts.

Pages that follow each other are a part as long as one vector holds their places. Most reports are
one part; those of further ones have rows of their own.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from knowledge.folding import config_of
from knowledge.indexing.vectors import MOST_BYTES, folded_into
from knowledge.models import Edition, IndexEntry, IndexPart, IndexWord, Page, Report

# PostgreSQL counts places in a vector to 16,383, and keeps 255 of each word.
_MOST_PLACES = 16_383
_MOST_OF_A_WORD = 255
# Of the words of further parts, in the report's row: its first part needs room too, and what is said
# of it, twice while it is changed.
_MOST_BYTES = 200_000
_SPELLED = re.compile(r"[^\W\d_]{4,30}")
# Chinese and Japanese have no spaces: their runs of signs are no words.
_NO_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]")

_ENTRIES = IndexEntry._meta.db_table
_PARTS = IndexPart._meta.db_table
_WORDS = IndexWord._meta.db_table

_ADD_PART = f"""
INSERT INTO {_PARTS} (entry_id, file, pages, starts, words)
VALUES (%s, %s, %s, %s, to_tsvector('{{config}}', %s))
RETURNING id, (SELECT coalesce(max(cardinality(positions)), 0) FROM unnest(words))
"""  # noqa: S608 - names of our own
# Where there are more words than a vector holds, those of the most parts come first.
_TAKE_UP = f"""
WITH first AS (
    DELETE FROM {_PARTS} WHERE id = (SELECT min(id) FROM {_PARTS} WHERE entry_id = %(entry)s)
    RETURNING id, file, pages, starts, words
)
UPDATE {_ENTRIES} SET read = %(wanted)s, attempts = 0,
    file = (SELECT file FROM first),
    pages = coalesce((SELECT pages FROM first), '{{}}'),
    starts = coalesce((SELECT starts FROM first), '{{}}'),
    everything = strip({_ENTRIES}.words) || coalesce((SELECT words FROM first), '') || coalesce((
        SELECT array_to_tsvector(array_agg(lexeme)) FROM (
            SELECT lexeme, sum(octet_length(lexeme)) OVER (ORDER BY count(*) DESC, lexeme) bytes
            FROM {_PARTS} part, unnest(part.words)
            WHERE entry_id = %(entry)s AND id <> (SELECT id FROM first) GROUP BY lexeme
        ) counted WHERE bytes <= {_MOST_BYTES}
    ), '')
WHERE report_id = %(entry)s AND read < %(wanted)s
"""  # noqa: S608 - names of our own
# In order, so that two workers never wait for each other.
_COUNT_WORDS = f"""
INSERT INTO {_WORDS} (word, reports) SELECT word, 1 FROM unnest(%s) word ORDER BY word
ON CONFLICT (word) DO UPDATE SET reports = {_WORDS}.reports + %s
"""  # noqa: S608 - names of our own


class _Page(NamedTuple):
    number: int
    folded: str
    words: int


def read(entry: IndexEntry) -> None:
    """Bring the words of the report's pages into the index, for the change that `entry` knows.

    Whoever changes the report meanwhile raises `wanted`, and it is read once more.
    """
    report = Report.objects.prefetch_related("editions__files").get(pk=entry.report_id)
    texts: list[str] = []
    entry.further_parts.all().delete()
    for edition in report.editions.all():
        texts += [edition.title, edition.subtitle, edition.abstract, edition.key_findings]
        config = config_of(edition.language)
        for file, pages in _pages_of(edition).items():
            texts += [text for _number, text in pages]
            folded = [(number, folded_into(MOST_BYTES, text, config)) for number, text in pages]
            for part in _parts([_Page(n, text, len(text.split())) for n, text in folded]):
                _add(entry, file, config, part)
    _count_words(texts, is_new=entry.read == 0)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP, {"entry": entry.report_id, "wanted": entry.wanted})


def _pages_of(edition: Edition) -> dict[UUID, list[tuple[int, str]]]:
    """Number and text of the pages that may be read, by file."""
    files = [file for file in edition.files.all() if file.may_be_handed_out]
    pages = Page.objects.filter(file__in=files).order_by("file_id", "number")
    found: dict[UUID, list[tuple[int, str]]] = {}
    for file, number, text in pages.values_list("file_id", "number", "text"):
        found.setdefault(file, []).append((number, text))
    return found


def _parts(pages: Iterable[_Page]) -> Iterator[list[_Page]]:
    """The pages in their order, as many together as a vector has room for."""
    part: list[_Page] = []
    places = size = 0
    for page in pages:
        places += page.words
        size += len(page.folded.encode())
        if part and (places > _MOST_PLACES or size > MOST_BYTES):
            yield part
            part, places, size = [], page.words, len(page.folded.encode())
        part.append(page)
    if part:
        yield part


def _add(entry: IndexEntry, file: UUID, config: str, pages: list[_Page]) -> None:
    """Add the pages as one part; as two or more where a word stands too often for one."""
    numbers = [page.number for page in pages]
    starts = list(accumulate((page.words for page in pages[:-1]), initial=0))
    text = " ".join(page.folded for page in pages)
    with connection.cursor() as cursor:
        sql = _ADD_PART.format(config=config)
        cursor.execute(sql, [entry.report_id, str(file), numbers, starts, text])
        number, most = cursor.fetchone()
    if most >= _MOST_OF_A_WORD and len(pages) > 1:
        IndexPart.objects.filter(pk=number).delete()
        half = len(pages) // 2
        _add(entry, file, config, pages[:half])
        _add(entry, file, config, pages[half:])


def _count_words(texts: Iterable[str], *, is_new: bool) -> None:
    """Count the report for each of its words; a report that was counted before adds new ones."""
    words = {
        word
        for text in texts
        for word in _SPELLED.findall(text.lower())
        if not _NO_WORD.search(word)
    }
    if words:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_WORDS, [sorted(words), int(is_new)])
