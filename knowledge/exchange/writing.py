"""Writes reports as a table with their PDFs beside it: in a folder, or in one ZIP."""

import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.models.upload import staging_folder
from knowledge.exchange.columns import (
    CODES_OF_LANGUAGES,
    FILE,
    FILE_FLAG,
    cells_of,
    column,
    file_name,
    heading,
    newest,
)
from knowledge.exchange.problems import Problem
from knowledge.exchange.tables import MOST_PROBLEMS
from knowledge.models import Edition, EditionFile, Report
from knowledge.models.report import ReportQuerySet

TABLE = "reports.csv"
_AT_ONCE = 200
_PIECE = 256 * 1024  # bytes
# Takes the name of a file and the open file.
Keep = Callable[[str, IO[bytes]], None]
# Is called after each report with how many are written.
Tell = Callable[[int], None]


@dataclass
class Written:
    """How many reports were written, and which PDFs had to be left out; of these 500 are told."""

    count: int = 0
    problems: list[Problem] = field(default_factory=list)


def tell_nobody(done: int) -> None:
    """For whoever waits for the end alone."""


def write_folder(reports: ReportQuerySet, folder: Path) -> Written:
    """Write the table and the files. The table comes last, whole."""
    (folder / "files").mkdir(parents=True, exist_ok=True)

    def keep(name: str, source: IO[bytes]) -> None:
        with (folder / name).open("wb") as target:
            shutil.copyfileobj(source, target)

    part = folder / f".{TABLE}.part"
    with part.open("wb") as file:
        written = write_table(reports, file, keep)
    part.replace(folder / TABLE)
    return written


def write_archive(reports: ReportQuerySet, file: IO[bytes], tell: Tell = tell_nobody) -> Written:
    """Write a ZIP to `file`, piece by piece. PDFs hardly pack: they are stored, the table packed."""
    with (
        zipfile.ZipFile(file, "w") as archive,
        tempfile.TemporaryFile(dir=staging_folder()) as table,
    ):

        def keep(name: str, source: IO[bytes]) -> None:
            _add(archive, name, source, zipfile.ZIP_STORED)

        written = write_table(reports, table, keep, tell)
        _add(archive, TABLE, table, zipfile.ZIP_DEFLATED)
    return written


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes], packing: int) -> None:
    entry = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    entry.compress_type = packing
    # Said beforehand, so that only what needs it is written in the way for large files.
    entry.file_size = source.seek(0, io.SEEK_END)
    source.seek(0)
    with archive.open(entry, "w") as target:
        shutil.copyfileobj(source, target, _PIECE)


def write_table(
    reports: ReportQuerySet, file: IO[bytes], keep: Keep | None, tell: Tell = tell_nobody
) -> Written:
    """Write the rows to `file`, giving each PDF to `keep`; without it PDFs are only named.

    A PDF that is lost or not cleared by the virus scan is left out, and the cell that would name it
    stays empty: when the table is imported again, the report keeps what it has.
    """
    used = set(Edition.objects.filter(report__in=reports).values_list("language", flat=True))
    columns = heading([language for language in CODES_OF_LANGUAGES if language in used])
    # The mark at the beginning tells Excel that this is UTF-8.
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    written = Written()
    for report in _with_all(reports):
        cells = cells_of(report)
        if keep is not None:
            _keep_files(report, cells, keep, written)
        writer.writerow(cells)
        written.count += 1
        tell(written.count)
    text.flush()
    text.detach()
    return written


def _with_all(reports: ReportQuerySet) -> Iterator[Report]:
    parts = ("editions__files", "authors", "themes", "regions", "countries", "sdgs", "related")
    return reports.order_by("pk").prefetch_related(*parts).iterator(chunk_size=_AT_ONCE)


def _keep_files(report: Report, cells: dict[str, str], keep: Keep, written: Written) -> None:
    for edition in report.editions.all():
        file = newest(edition)
        if file is None:
            continue
        name = file_name(report, edition.language)
        why = _keep_file(file, name, keep)
        if why:
            cells.pop(column(FILE, edition.language), None)
            cells.pop(column(FILE_FLAG, edition.language), None)
            _note(written, column(FILE, edition.language), f"{why} “{name}”")


def _keep_file(file: EditionFile, name: str, keep: Keep) -> str:
    """Hand the file over; returns why not, for people, and nothing where all is well."""
    if not file.may_be_handed_out:
        return _("No virus scan has cleared this PDF:")
    try:
        source = file.file.open("rb")
    except FileNotFoundError:
        return _("The portal has lost this PDF:")
    with source:
        keep(name, source)
    return ""


def _note(written: Written, where: str, text: str) -> None:
    """By the line of the table that is written next; the heading is the first."""
    if len(written.problems) < MOST_PROBLEMS:
        written.problems.append(Problem(written.count + 2, where, text))
