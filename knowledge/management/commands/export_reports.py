"""Takes the whole library out: a table that any spreadsheet opens, and the PDFs beside it."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.exchange.writing import TABLE, write_folder
from knowledge.models import Report
from knowledge.models.report import ReportQuerySet


class Command(BaseCommand):
    help = f"Write every report into FOLDER/{TABLE}, and its current PDFs into FOLDER/files."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder")
        parser.add_argument("--published", action="store_true", help="only what readers see")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder.")
        reports: ReportQuerySet = Report.objects.all()
        if options["published"]:
            reports = reports.published()
        try:
            written = write_folder(reports, folder)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from None
        for problem in written.problems:
            self.stderr.write(f"Left out: {problem}")
        self.stdout.write(f"{written.count} reports written to {folder / TABLE}.")
