"""A report's row in the index: what the list shows of it, and how it is found and sorted."""

import datetime
import json
from typing import Any

from django.db import connection
from django.utils import timezone

from knowledge.folding import SIMPLE, fold
from knowledge.indexing import vectors
from knowledge.models import IndexEntry, Report

_TABLE = IndexEntry._meta.db_table
# What is written is found with the words that were read before, until they have been read anew; by
# its codes it is not found any longer where they have changed.
_WRITE = f"""
INSERT INTO {_TABLE} (report_id, shown_from, year, title_key, facets, card, pages, starts,
    written_at, wanted, read, attempts, titles, words, everything)
VALUES (%s, %s, %s, %s, %s, %s, '{{{{}}}}', '{{{{}}}}', %s, 1, 0, 0, {{titles}}, {{words}},
    strip({{words}}))
ON CONFLICT (report_id) DO UPDATE SET
    shown_from = excluded.shown_from, year = excluded.year, title_key = excluded.title_key,
    facets = excluded.facets, card = excluded.card,
    written_at = excluded.written_at, titles = excluded.titles, words = excluded.words,
    everything = excluded.everything || ts_delete({_TABLE}.everything, {_TABLE}.facets::text[]),
    wanted = {_TABLE}.wanted + 1, attempts = 0
"""  # noqa: S608 - names of our own


def write(report_id: int) -> bool:
    """Write the row from what is in the database now; returns whether there is such a report."""
    reports = Report.objects.with_codes().with_people().with_editions()
    report = reports.filter(pk=report_id).first()
    if report is None:
        return False
    facets = _facets(report)
    titles, words = vectors.titles(report), vectors.words(report, facets)
    row = [
        report.pk,
        _shown_from(report),
        report.year,
        fold(report.title, SIMPLE)[:300],
        facets,
        json.dumps(_card(report)),
        timezone.now(),
    ]
    sql = _WRITE.format(titles=titles.sql, words=words.sql)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*row, *titles.values, *words.values, *words.values])
    return True


def _shown_from(report: Report) -> datetime.date | None:
    if report.status == Report.Status.PUBLISHED:
        return datetime.date.min
    return report.embargoed_until if report.status == Report.Status.EMBARGOED else None


def _facets(report: Report) -> list[str]:
    held: dict[str, list[Any]] = {
        "theme": report.theme_codes,
        "region": report.region_codes,
        "country": report.country_codes,
        "sdg": report.goal_codes,
        "publisher": [report.publisher] if report.publisher else [],
        "year": [report.year] if report.year else [],
        "language": [edition.language for edition in report.editions.all()],
    }
    return [f"{name}:{code}" for name, codes in held.items() for code in codes]


def _card(report: Report) -> dict[str, Any]:
    """What a line of the list shows; editions in order, each with title, summary and pages."""
    editions = []
    for edition in report.editions.all():
        file = edition.current_file
        pages = file.page_count if file else None
        editions.append([edition.language, edition.title, edition.summary, pages])
    return {
        "slug": report.slug,
        "title": report.title,
        "publisher": report.publisher,
        "year": report.year,
        "goals": report.goal_codes,
        "editions": editions,
    }
