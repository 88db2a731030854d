"""The words inside a report's files: one vector for each page, and all of them in the report's row.

A vector with all words of many pages has no room for their places, hence the pages' own vectors:
they are asked for the few reports that are shown, and for phrases.
"""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from knowledge.folding import config_of
from knowledge.indexing.vectors import MOST_BYTES, folded_into
from knowledge.models import IndexEntry, IndexPage, IndexWord, Page, Report

# Of the words of all pages: what is said of the report needs room too, twice while it is changed.
_MOST_BYTES = 500_000
_SPELLED = re.compile(r"[^\W\d_]{4,30}")
# Chinese and Japanese have no spaces: their runs of signs are no words.
_NO_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]")

_ENTRIES = IndexEntry._meta.db_table
_PAGES = IndexPage._meta.db_table
_WORDS = IndexWord._meta.db_table

_ADD_PAGES = """
INSERT INTO {pages} (file_id, number, words)
SELECT %s, number, to_tsvector('{config}', text) FROM unnest(%s, %s) page(number, text)
"""
# Where there are more words than a vector holds, those of the most pages come first.
_TAKE_UP = f"""
UPDATE {_ENTRIES} SET files = %s::uuid[], read = %s, attempts = 0,
    everything = strip(words) || coalesce((
        SELECT array_to_tsvector(array_agg(lexeme)) FROM (
            SELECT lexeme, sum(octet_length(lexeme)) OVER (ORDER BY count(*) DESC, lexeme) bytes
            FROM {_PAGES} page, unnest(page.words) WHERE file_id = ANY(%s::uuid[]) GROUP BY lexeme
        ) counted WHERE bytes <= {_MOST_BYTES}
    ), '')
WHERE report_id = %s AND read < %s
"""  # noqa: S608 - names of our own
# In order, so that two workers never wait for each other.
_COUNT_WORDS = f"""
INSERT INTO {_WORDS} (word, reports) SELECT word, 1 FROM unnest(%s) word ORDER BY word
ON CONFLICT (word) DO UPDATE SET reports = {_WORDS}.reports + %s
"""  # noqa: S608 - names of our own


def read(entry: IndexEntry) -> None:
    """Bring the words of the report's pages into the index, for the change that `entry` knows.

    Whoever changes the report meanwhile raises `wanted`, and it is read once more.
    """
    report = Report.objects.prefetch_related("editions__files").get(pk=entry.report_id)
    texts: list[str] = []
    files: list[str] = []
    for edition in report.editions.all():
        texts += [edition.title, edition.subtitle, edition.abstract, edition.key_findings]
        files_out = [file for file in edition.files.all() if file.may_be_handed_out]
        pages = Page.objects.filter(file__in=files_out).order_by("file_id", "number")
        by_file: dict[UUID, list[tuple[int, str]]] = {}
        for file_id, number, text in pages.values_list("file_id", "number", "text"):
            by_file.setdefault(file_id, []).append((number, text))
            texts.append(text)
        IndexPage.objects.filter(file__edition=edition).delete()
        for file_id, rows in by_file.items():
            _add_pages(file_id, rows, config_of(edition.language))
            files.append(str(file_id))
    _count_words(texts, is_new=entry.read == 0)
    with connection.cursor() as cursor:
        values: list[Any] = [files, entry.wanted, files, entry.report_id, entry.wanted]
        cursor.execute(_TAKE_UP, values)


def _add_pages(file_id: UUID, rows: list[tuple[int, str]], config: str) -> None:
    numbers = [number for number, _text in rows]
    texts = [folded_into(MOST_BYTES, text, config) for _number, text in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_PAGES.format(pages=_PAGES, config=config), [str(file_id), numbers, texts]
        )


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
