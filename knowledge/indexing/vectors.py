"""The vectors of a report, as SQL with its values: each edition in the stemming of its language."""

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

from knowledge.folding import config_of, fold
from knowledge.models import Edition, Report

_TAG = re.compile(r"<[^>]*>")


class Vector(NamedTuple):
    """An expression of type tsvector, and the values for its places."""

    sql: str
    values: list[str]


def titles(report: Report) -> Vector:
    return _joined(
        _weighted(edition.language, (f"{edition.title} {edition.subtitle}", "A"))
        for edition in _editions(report)
    )


def words(report: Report) -> Vector:
    """What is said of a report, and its reading edition.

    Title A, subtitle, people and publisher B, abstract C, all the rest D.
    """
    people = " ".join(str(author) for author in report.people)
    about = (report.publisher, report.commissioner, report.performer, report.series, report.kind)
    facts = " ".join((people, *about, report.doi, report.isbn, str(report.year or "")))
    return _joined(
        _weighted(
            edition.language,
            (edition.title, "A"),
            (f"{edition.subtitle} {facts}", "B"),
            (edition.abstract, "C"),
            (f"{edition.key_findings} {edition.recommendations}", "D"),
            (_without_tags(edition.reading_html), "D"),
        )
        for edition in _editions(report)
    )


def _editions(report: Report) -> list[Edition]:
    """The editions; a report that has none yet is found by its own title."""
    return list(report.editions.all()) or [
        Edition(report=report, language="", title=report.title, subtitle=report.subtitle)
    ]


def _weighted(language: str, *parts: tuple[str, str]) -> Vector:
    config = config_of(language)
    return _joined(
        Vector(f"setweight(to_tsvector('{config}', %s), '{weight}')", [fold(text, config)])
        for text, weight in parts
        if text.strip()
    )


def _joined(vectors: Iterable[Vector]) -> Vector:
    filled = [vector for vector in vectors if vector.values]
    if not filled:
        return Vector("''::tsvector", [])
    return Vector(
        " || ".join(vector.sql for vector in filled),
        [value for vector in filled for value in vector.values],
    )


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text))
