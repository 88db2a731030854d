"""Brings the publisher's own PDF into the library, with what is said of it."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import override

from alliance.exceptions import ActionRefused
from knowledge.actions import publish_report
from knowledge.actions.imported_report import take
from knowledge.exchange.beside import Folder
from knowledge.exchange.entries import read_entry
from knowledge.exchange.known import Known
from knowledge.exchange.metadata import read_metadata
from knowledge.exchange.problems import Wrong
from knowledge.exchange.tables import Row
from knowledge.models import Report

MOST_BYTES = 10 * 2**20


class Command(BaseCommand):
    help = (
        "Take one PDF into the library. With --report it becomes the new version of that report's "
        "PDF; the address stays. Running it again changes nothing. docs/library.md tells what the "
        "metadata may say."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF")
        parser.add_argument("--metadata", type=Path, help="JSON, or CSV with one line")
        parser.add_argument("--report", type=int, help="the number in the report's address")
        parser.add_argument("--language", default="en", help="of the PDF, as in en")
        parser.add_argument("--publish", action="store_true", help="give it to readers at once")

    def handle(self, *args: Any, **options: Any) -> None:
        pdf: Path = options["file"]
        if not pdf.is_file():
            raise CommandError(f"There is no file {pdf}.")
        try:
            with override("en"), transaction.atomic():
                report, outcome = self._take(pdf, options)
        except Wrong as wrong:
            where = options["metadata"] or pdf
            told = "\n".join(f"{where}: {problem}" for problem in wrong.problems)
            raise CommandError(f"Nothing was changed.\n{told}") from None
        except ActionRefused as refused:
            raise CommandError(f"Nothing was changed. {refused}") from None
        self.stdout.write(
            f"{outcome.capitalize()}: {report.pk}, {report.title} ({report.status}), "
            f"at {report.get_absolute_url()}"
        )

    def _take(self, pdf: Path, options: dict[str, Any]) -> tuple[Report, str]:
        row = self._row(pdf, options)
        known = Known.load()
        entry = read_entry(row, known)
        if options["report"] is not None:
            entry = replace(entry, report_id=options["report"])
        report, outcome, _columns = take(entry, known, Folder(pdf.parent), None, is_trial=False)
        report.refresh_from_db()
        if options["publish"] and report.status != Report.Status.PUBLISHED:
            report, outcome = publish_report(report, by=None), "published"
        return report, outcome

    def _row(self, pdf: Path, options: dict[str, Any]) -> Row:
        path: Path | None = options["metadata"]
        content, is_json = b"{}", True
        if path is not None:
            try:
                with path.open("rb") as file:
                    content = file.read(MOST_BYTES + 1)
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
            if len(content) > MOST_BYTES:
                raise CommandError(f"{path} is larger than 10 MB.")
            is_json = path.suffix.lower() == ".json"
        return read_metadata(content, is_json=is_json, pdf=pdf, language=options["language"])
