"""The columns of the table: what a report says of itself, and what each of its languages adds."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from knowledge.exchange.cells import Name, defused, joined, joined_names
from knowledge.exchange.problems import nearest
from knowledge.models import Edition, EditionFile, Report
from knowledge.models.edition import LANGUAGES

# As the model has them, in the order in which people read them.
FIELDS = (
    "title",
    "subtitle",
    "kind",
    "publisher",
    "place",
    "commissioner",
    "performer",
    "year",
    "date",
    "series",
    "licence",
    "source_url",
    "doi",
    "isbn",
)
# Column, and the vocabulary whose codes stand in it.
CODES = {"themes": "theme", "regions": "region", "countries": "country", "sdgs": "sdg"}
STANDING = ("status", "embargoed_until", "retirement_note")
REPORT_COLUMNS = ("id", *STANDING, *FIELDS, "authors", *CODES, "related", "languages")
EDITION_FIELDS = (
    "title",
    "subtitle",
    "abstract",
    "key_findings",
    "recommendations",
    "reading_html",
)
EDITION_FLAG = "reading_is_digest"
FILE, FILE_FLAG = "file", "file_is_digest"
EDITION_COLUMNS = (*EDITION_FIELDS, EDITION_FLAG, FILE, FILE_FLAG)
CODES_OF_LANGUAGES = tuple(code for code, _name in LANGUAGES)
YES, NO = "yes", "no"

_OF_EDITION = re.compile(rf"({'|'.join(EDITION_COLUMNS)})_({'|'.join(CODES_OF_LANGUAGES)})")


def column(name: str, language: str) -> str:
    return f"{name}_{language}"


def is_column(name: str) -> bool:
    return name in REPORT_COLUMNS or _OF_EDITION.fullmatch(name) is not None


def languages_in(names: Iterable[str]) -> set[str]:
    """The languages that have columns of their own."""
    return {found[2] for name in names if (found := _OF_EDITION.fullmatch(name))}


def suggestion(name: str) -> str:
    """The column that was probably meant; empty where nothing looks like it."""
    return nearest(name, [*REPORT_COLUMNS, *(column(each, "en") for each in EDITION_COLUMNS)])


def heading(languages: Sequence[str]) -> list[str]:
    """All columns, for a library with reports in these languages."""
    own = [column(name, language) for language in languages for name in EDITION_COLUMNS]
    return [*REPORT_COLUMNS, *own]


def cells_of(report: Report) -> dict[str, str]:
    """What stands in the report's row; reads what was prefetched. PDFs by the name of their file."""
    cells = {"id": str(report.pk)}
    for name in (*STANDING, *FIELDS):
        cells[name] = _text(getattr(report, name))
    cells["authors"] = joined_names(names_of(report))
    for name in CODES:
        cells[name] = joined(codes_of(report, name))
    cells["related"] = joined(str(other.pk) for other in report.related.all())
    editions = list(report.editions.all())
    cells["languages"] = joined(edition.language for edition in editions)
    for edition in editions:
        for name, value in _edition_cells(report, edition).items():
            cells[column(name, edition.language)] = value
    return {name: defused(value) for name, value in cells.items()}


def file_name(report: Report, language: str) -> str:
    """Where the PDF stands beside the table."""
    return f"files/{report.pk}-{report.slug}-{language}.pdf"


def newest(edition: Edition) -> EditionFile | None:
    return max(edition.files.all(), key=lambda file: file.number, default=None)


def names_of(report: Report) -> list[Name]:
    return [(one.family_name, one.given_name, one.prefix) for one in report.authors.all()]


def codes_of(report: Report, name: str) -> list[str]:
    attribute = "pk" if name == "countries" else "code"
    return sorted(str(getattr(row, attribute)) for row in getattr(report, name).all())


def _edition_cells(report: Report, edition: Edition) -> dict[str, str]:
    cells = {name: getattr(edition, name) for name in EDITION_FIELDS}
    cells[EDITION_FLAG] = _text(edition.reading_is_digest)
    file = newest(edition)
    if file is not None and file.may_be_handed_out:
        cells[FILE] = file_name(report, edition.language)
        cells[FILE_FLAG] = _text(file.is_digest)
    return cells


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)
