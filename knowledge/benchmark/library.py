"""A library of any size, made quickly: chapters of ten pages are written once, and put together.

What the index holds of a page or a chapter is computed once too, by the index's own functions, and
copied by the database. A report is put together of as many chapters as it has tens of pages.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from knowledge.benchmark.prose import Writer, name
from knowledge.benchmark.questions import vocabulary
from knowledge.folding import SIMPLE, config_of, fold
from knowledge.models import (
    Edition,
    EditionFile,
    IndexChange,
    IndexEntry,
    IndexPart,
    IndexWord,
    Page,
    Report,
)

CHAPTER = 10  # pages
PAGE = 330  # words
_CHAPTERS = {"en": 500, "fr": 120, "es": 80, "zh": 40}
_SHARES = {"en": 70, "fr": 14, "es": 10, "zh": 6}
_BATCH = 2000
_ABSTRACTS = 400

_THEMES = ("education-skills", "health", "climate", "governance", "agriculture", "trade", "youth")
_REGIONS = ("africa", "asia-pacific", "latin-america-caribbean", "arab-states", "europe-cis")
_COUNTRIES = [
    "KE",
    "MW",
    "ZA",
    "TZ",
    "NO",
    "BR",
    "IN",
    "CN",
    "ID",
    "EG",
    "MA",
    "CO",
    "PE",
    "VN",
    "NP",
    "GH",
    "SN",
    "RW",
    "UG",
    "ET",
]

_PAGES, _PARTS, _ENTRIES = (model._meta.db_table for model in (Page, IndexPart, IndexEntry))
_POOL = """
SET temp_buffers = '256MB';
CREATE TEMP TABLE pool (chapter text, number int, text text);
CREATE TEMP TABLE chapters (chapter text PRIMARY KEY, words tsvector);
"""
_FILL = """
INSERT INTO pool SELECT %s, number, text FROM unnest(%s, %s) page(number, text)
"""
_SUM_UP = """
INSERT INTO chapters SELECT %s, to_tsvector('{config}', %s)
RETURNING (SELECT max(place) FROM unnest(words), unnest(positions) place)
"""
_COPY = f"""
INSERT INTO {_PAGES} (file_id, number, text)
SELECT file, place * {CHAPTER} + number, pool.text
FROM unnest(%s::uuid[], %s::int[], %s::text[]) part(file, place, name)
JOIN pool ON pool.chapter = part.name ORDER BY file, place, number
"""  # noqa: S608 - names of our own
_ENTRY = f"""
INSERT INTO {_ENTRIES} (report_id, shown_from, year, title_key, facets, card, file, pages, starts,
    written_at, wanted, read, attempts, titles, words, everything)
VALUES (%s, %s, %s, %s, %s::varchar[], %s, %s, %s, %s, %s, 1, 1, 0, {{title}}, {{said}},
    strip({{said}}) || {{inside}})
"""  # noqa: S608 - names of our own


class Chapter(NamedTuple):
    """Pages that many reports have: how many words stand before each, and the last one's place."""

    name: str
    starts: list[int]
    last: int


def make_library(reports: int, pages: int) -> None:
    """So many published reports with an edition, a file and so many pages each."""
    chance = random.Random(reports)  # noqa: S311 - no secret
    words = vocabulary(reports)
    writers = {language: Writer(language, words) for language in _SHARES}
    with _without_indexes(), connection.cursor() as cursor:
        cursor.execute(_POOL)
        # A small library needs fewer chapters than would make it vary.
        chapters_of = {
            language: _chapters(language, writer, min(most, max(2, reports // 10)))
            for (language, most), writer in zip(_CHAPTERS.items(), writers.values(), strict=True)
        }
        cursor.execute("CREATE INDEX ON pool (chapter); ANALYZE pool; ANALYZE chapters")
        abstracts = {
            language: [writer.text(90) for _n in range(_ABSTRACTS)]
            for language, writer in writers.items()
        }
        for start in range(0, reports, _BATCH):
            rows = range(start, min(start + _BATCH, reports))
            _add(rows, pages, chance, writers, abstracts, chapters_of)
    _count_words(writers)
    IndexChange.objects.create()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pool, chapters")
        # What is kept aside of rows is only added to, so nothing there is to be swept up.
        cursor.execute("VACUUM (ANALYZE, PROCESS_TOAST FALSE)")


def _chapters(language: str, writer: Writer, number: int) -> list[Chapter]:
    """Write so many chapters; their pages and their words wait in the database."""
    config = config_of(language)
    chapters = []
    with connection.cursor() as cursor:
        for nth in range(number):
            title = f"{language}{nth}"
            texts = [writer.text(PAGE) for _page in range(CHAPTER)]
            cursor.execute(_FILL, [title, list(range(1, CHAPTER + 1)), texts])
            folded = [fold(text, config) for text in texts]
            cursor.execute(_SUM_UP.format(config=config), [title, " ".join(folded)])
            [last] = cursor.fetchone()
            counts = [len(text.split()) for text in folded]
            chapters.append(Chapter(title, list(accumulate(counts[:-1], initial=0)), last))
    return chapters


def _add(
    rows: range,
    pages: int,
    chance: random.Random,
    writers: dict[str, Writer],
    abstracts: dict[str, list[str]],
    chapters_of: dict[str, list[Chapter]],
) -> None:
    editions = _editions(rows, chance, writers, abstracts)
    files = EditionFile.objects.bulk_create(_file(edition, pages) for edition in editions)
    chapters = [
        chance.choices(chapters_of[edition.language], k=pages // CHAPTER) for edition in editions
    ]
    parts = [
        (str(file.pk), place, chapter.name)
        for file, chosen in zip(files, chapters, strict=True)
        for place, chapter in enumerate(chosen)
    ]
    columns: list[Any] = [list(values) for values in zip(*parts, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_COPY, columns)
        for file, chosen in zip(files, chapters, strict=True):
            sql, values = _entry(file, chosen, pages, chance)
            cursor.execute(sql, values)


def _starts(chapters: list[Chapter]) -> list[int]:
    """How many words stand before each page, where the vectors of the chapters are joined."""
    before = accumulate((chapter.last for chapter in chapters[:-1]), initial=0)
    return [
        first + start
        for first, chapter in zip(before, chapters, strict=False)
        for start in chapter.starts
    ]


def _editions(
    rows: range,
    chance: random.Random,
    writers: dict[str, Writer],
    abstracts: dict[str, list[str]],
) -> list[Edition]:
    """Of as many new reports."""
    languages = chance.choices(list(_SHARES), list(_SHARES.values()), k=len(rows))
    reports = Report.objects.bulk_create(
        Report(
            title=f"{name(row)}: {writers[language].text(6)}",
            slug=f"report-{row}",
            publisher=f"Institute {int(40 * chance.random() ** 2)}",
            year=int(2026 - 26 * chance.random() ** 2),
            status=Report.Status.PUBLISHED,
        )
        for row, language in zip(rows, languages, strict=True)
    )
    return Edition.objects.bulk_create(
        Edition(
            report=report,
            language=language,
            title=report.title,
            abstract=chance.choice(abstracts[language]),
        )
        for report, language in zip(reports, languages, strict=True)
    )


def _file(edition: Edition, pages: int) -> EditionFile:
    return EditionFile(
        edition=edition,
        number=1,
        name="report.pdf",
        file="library/none.pdf",
        size=1_000_000,
        sha256="0" * 64,
        content_type="application/pdf",
        scan=EditionFile.Scan.CLEAN,
        scanned_at=timezone.now(),
        page_count=pages,
        text_state=EditionFile.Text.READ,
    )


def _entry(
    file: EditionFile, chapters: list[Chapter], pages: int, chance: random.Random
) -> tuple[str, list[Any]]:
    edition = file.edition
    report, config = edition.report, config_of(edition.language)
    title, abstract = fold(edition.title, config), fold(edition.abstract, config)
    facets = [
        f"theme:{chance.choice(_THEMES)}",
        f"region:{chance.choice(_REGIONS)}",
        f"country:{chance.choice(_COUNTRIES)}",
        f"sdg:sdg-{chance.randrange(1, 18):02}",
        f"publisher:{report.publisher}",
        f"year:{report.year}",
        f"language:{edition.language}",
    ]
    card = {
        "slug": report.slug,
        "title": report.title,
        "publisher": report.publisher,
        "year": report.year,
        "goals": ["sdg-04"],
        "editions": [[edition.language, edition.title, edition.summary, pages]],
    }
    vector = f"to_tsvector('{config}', %s)"
    said = (
        f"(setweight({vector}, 'A') || setweight({vector}, 'C') || array_to_tsvector(%s::text[]))"
    )
    inside = "(SELECT words FROM chapters WHERE chapter = %s)"
    sql = _ENTRY.format(
        title=vector, said=said, inside=" || ".join([inside] * len(chapters)) or "''::tsvector"
    )
    values = [report.pk, date.min, report.year, fold(report.title, SIMPLE), facets]
    values += [json.dumps(card), str(file.pk), list(range(1, pages + 1)), _starts(chapters)]
    values.append(timezone.now())
    names = [chapter.name for chapter in chapters]
    return sql, [*values, title, *(title, abstract, facets) * 2, *names]


def _count_words(writers: dict[str, Writer]) -> None:
    words: dict[str, int] = {}
    for writer in writers.values():
        for place, word in enumerate(writer.words):
            if len(word) >= 4:
                words.setdefault(word, max(2, 10_000 // (place + 8)))
    IndexWord.objects.bulk_create(IndexWord(word=word, reports=n) for word, n in words.items())


@contextmanager
def _without_indexes() -> Iterator[None]:
    """The large tables without indexes while rows come in: making them afterwards is quicker."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'")
        made = []
        for table in (_PAGES, _PARTS, _ENTRIES):
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = %s::regclass AND contype IN ('u', 'f')",
                [table],
            )
            for constraint, definition in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
                made.append(f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {definition}')
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
                " AND indexname NOT LIKE '%%_pkey'",
                [table],
            )
            for index, definition in cursor.fetchall():
                cursor.execute(f'DROP INDEX "{index}"')
                made.append(definition)
            # Nothing of it has to survive; what is only added to needs no sweeping.
            cursor.execute(
                f"ALTER TABLE {table} SET UNLOGGED, SET ("
                "autovacuum_enabled = false, toast.autovacuum_enabled = false)"
            )
        yield
        for statement in made:
            cursor.execute(statement)
