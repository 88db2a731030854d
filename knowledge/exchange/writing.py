"""Writes the library as a table with its PDFs beside it."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from knowledge.exchange.columns import CODES_OF_LANGUAGES, cells_of, file_name, heading, newest
from knowledge.models import Edition, Report
from knowledge.models.report import ReportQuerySet

TABLE = "reports.csv"
_AT_ONCE = 200
# Takes the name of a file and the open file.
Keep = Callable[[str, IO[bytes]], None]


def write_folder(reports: ReportQuerySet, folder: Path) -> int:
    """Write the table and the files; returns how many reports. The table comes last, whole."""
    (folder / "files").mkdir(parents=True, exist_ok=True)

    def keep(name: str, source: IO[bytes]) -> None:
        with (folder / name).open("wb") as target:
            shutil.copyfileobj(source, target)

    part = folder / f".{TABLE}.part"
    with part.open("wb") as file:
        count = write_table(reports, file, keep)
    part.replace(folder / TABLE)
    return count


def write_table(reports: ReportQuerySet, file: IO[bytes], keep: Keep) -> int:
    """Write the rows to `file`, giving each PDF to `keep`; returns how many reports."""
    used = set(Edition.objects.filter(report__in=reports).values_list("language", flat=True))
    columns = heading([language for language in CODES_OF_LANGUAGES if language in used])
    # The mark at the beginning tells Excel that this is UTF-8.
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    count = 0
    for report in _with_all(reports):
        writer.writerow(cells_of(report))
        _keep_files(report, keep)
        count += 1
    text.flush()
    text.detach()
    return count


def _with_all(reports: ReportQuerySet) -> Iterator[Report]:
    parts = ("editions__files", "authors", "themes", "regions", "countries", "sdgs", "related")
    return reports.order_by("pk").prefetch_related(*parts).iterator(chunk_size=_AT_ONCE)


def _keep_files(report: Report, keep: Keep) -> None:
    for edition in report.editions.all():
        file = newest(edition)
        if file is not None and file.may_be_handed_out:
            with file.file.open("rb") as source:
                keep(file_name(report, edition.language), source)
