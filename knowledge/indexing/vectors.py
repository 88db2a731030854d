"""The vectors of a report, as SQL with its values: each edition in the stemming of its language."""

import html
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from knowledge.folding import config_of, fold
from knowledge.models import Edition, Report

# PostgreSQL's limit for a vector is 1,048,575 bytes of words and places. So much text never comes
# near it, and is more than a book has; what stands behind it is not looked into.
MOST_BYTES = 250_000

_TAG = re.compile(r"<[^>]*>")


class Vector(NamedTuple):
    """An expression of type tsvector, and the values for its places."""

    sql: str
    values: list[Any]


def titles(report: Report) -> Vector:
    return joined(
        weighted(edition.language, (f"{edition.title} {edition.subtitle}", "A"))
        for edition in _editions(report)
    )


def words(report: Report, codes: list[str]) -> Vector:
    """What is said of a report, its reading edition, and the codes that it is narrowed by.

    Title A, subtitle, people and publisher B, abstract C, all the rest D; codes have no weight.
    """
    people = " ".join(str(author) for author in report.people)
    about = (report.publisher, report.commissioner, report.performer, report.series, report.kind)
    facts = " ".join((people, *about, report.doi, report.isbn, str(report.year or "")))
    editions = _editions(report)
    said = joined(
        weighted(
            edition.language,
            (edition.title, "A"),
            (f"{edition.subtitle} {facts}", "B"),
            (edition.abstract, "C"),
            (f"{edition.key_findings} {edition.recommendations}", "D"),
            (_without_tags(edition.reading_html), "D"),
            room=MOST_BYTES // len(editions),
        )
        for edition in editions
    )
    return Vector(f"{said.sql} || array_to_tsvector(%s::text[])", [*said.values, codes])


def _editions(report: Report) -> list[Edition]:
    """The editions; a report that has none yet is found by its own title."""
    return list(report.editions.all()) or [
        Edition(report=report, language="", title=report.title, subtitle=report.subtitle)
    ]


def folded_into(room: int, text: str, config: str) -> str:
    """The words of `text` as the search compares them, in at most `room` bytes."""
    return fold(text, config).encode()[:room].decode(errors="ignore")


def weighted(language: str, *parts: tuple[str, str], room: int = MOST_BYTES) -> Vector:
    """Texts with their weights, in their order, as far as there is room for them."""
    config = config_of(language)
    vectors = []
    for text, weight in parts:
        words = folded_into(room, text, config)
        room -= len(words.encode())
        if words:
            sql = f"setweight(to_tsvector('{config}', %s), '{weight}')"
            vectors.append(Vector(sql, [words]))
    return joined(vectors)


def joined(vectors: Iterable[Vector]) -> Vector:
    """The vectors one behind the other."""
    filled = [vector for vector in vectors if vector.values]
    if not filled:
        return Vector("''::tsvector", [])
    return Vector(
        " || ".join(vector.sql for vector in filled),
        [value for vector in filled for value in vector.values],
    )


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text))
