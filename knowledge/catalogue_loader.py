"""Brings the shipped reports into the library, and up to date while no editor has touched them."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from alliance.models import Country, Term
from knowledge.catalogue import entry_folders
from knowledge.importing import add_version
from knowledge.indexing import mark_due
from knowledge.models import Edition, Report, ReportAuthor

_FILES = ("entry.json", "reading.html", "digest.pdf")


class CatalogueError(Exception):
    """A shipped entry cannot be loaded; the message says which and why."""


@dataclass
class Loaded:
    """The names of the entries that were added, brought up to date, and left alone."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def load_catalogue(folders: list[Path] | None = None) -> Loaded:
    """Add the missing entries; update those whose shipped files changed since they were loaded.

    An entry that an editor has changed, or given another PDF, is the editor's: it is left alone.
    Running it again changes nothing. Raises CatalogueError.
    """
    loaded = Loaded()
    folders = entry_folders() if folders is None else folders
    for folder in folders:
        _load_entry(folder, loaded)
    for folder in folders:
        if folder.name in {*loaded.added, *loaded.updated}:
            _relate(folder)
    return loaded


@transaction.atomic
def _load_entry(folder: Path, loaded: Loaded) -> None:
    checksum = _checksum(folder)
    report = Report.objects.select_for_update().filter(catalogue_key=folder.name).first()
    if report is not None and report.catalogue_checksum in {"", checksum}:
        loaded.kept.append(folder.name)
        return
    entry = json.loads((folder / "entry.json").read_text(encoding="utf-8"))
    names = loaded.added if report is None else loaded.updated
    if report is None:
        report = Report(catalogue_key=folder.name, status=Report.Status.PUBLISHED)
    _fill_report(report, entry, checksum)
    _fill_edition(report, entry, folder)
    mark_due(report)
    names.append(folder.name)


def _fill_report(report: Report, entry: dict[str, Any], checksum: str) -> None:
    report.title, report.subtitle, report.kind = entry["title"], entry["subtitle"], entry["kind"]
    report.publisher, report.place = entry["publisher"]["name"], entry["publisher"]["place"]
    report.commissioner, report.performer = entry["commissioner"], entry["performer"]
    report.year, report.date, report.series = entry["year"], entry["date"], entry["series"]
    report.licence, report.source_url = entry["licence"], entry["source_address"]
    report.doi = entry["identifiers"].get("doi", "")
    report.isbn = entry["identifiers"].get("isbn", "")
    report.catalogue_checksum = checksum
    report.save()
    report.themes.set(_terms("theme", entry["themes"]))
    report.regions.set(_terms("region", entry["regions"]))
    report.sdgs.set(_terms("sdg", entry["sdgs"]))
    report.countries.set(_countries(entry["countries"]))
    report.authors.all().delete()
    ReportAuthor.objects.bulk_create(
        ReportAuthor(
            report=report,
            position=position,
            prefix=author["prefix"],
            given_name=author["given"],
            family_name=author["family"],
        )
        for position, author in enumerate(entry["authors"], start=1)
    )


def _fill_edition(report: Report, entry: dict[str, Any], folder: Path) -> None:
    values = {
        "title": entry["title"],
        "subtitle": entry["subtitle"],
        "abstract": entry["abstract"],
        "key_findings": "\n".join(entry["key_findings"]),
        "recommendations": "\n".join(_recommendation(row) for row in entry["recommendations"]),
        "reading_html": (folder / "reading.html").read_text(encoding="utf-8"),
        "reading_is_digest": True,
    }
    edition, _is_new = Edition.objects.update_or_create(
        report=report, language=entry["language"], defaults=values
    )
    with (folder / "digest.pdf").open("rb") as pdf:
        add_version(edition, pdf=pdf, is_digest=True, by=None)


def _relate(folder: Path) -> None:
    entry = json.loads((folder / "entry.json").read_text(encoding="utf-8"))
    report = Report.objects.get(catalogue_key=folder.name)
    report.related.add(*Report.objects.filter(catalogue_key__in=entry["related"]))


def _recommendation(row: dict[str, str]) -> str:
    return f"{row['to']}: {row['text']}" if row["to"] else row["text"]


def _terms(vocabulary: str, codes: list[str]) -> list[Term]:
    terms = list(Term.objects.of(vocabulary).filter(code__in=codes))
    _refuse_unknown(vocabulary, set(codes) - {term.code for term in terms})
    return terms


def _countries(codes: list[str]) -> list[Country]:
    countries = list(Country.objects.filter(pk__in=codes))
    _refuse_unknown("country", set(codes) - {country.pk for country in countries})
    return countries


def _refuse_unknown(list_name: str, codes: set[str]) -> None:
    if codes:
        raise CatalogueError(
            f"The list {list_name!r} has no {', '.join(sorted(codes))}: "
            "run `manage.py load_reference_data` first."
        )


def _checksum(folder: Path) -> str:
    """SHA-256, in hexadecimal, of all that is loaded from `folder`."""
    checksum = hashlib.sha256()
    for name in _FILES:
        content = (folder / name).read_bytes()
        checksum.update(f"{name} {len(content)}\n".encode())
        checksum.update(content)
    return checksum.hexdigest()
