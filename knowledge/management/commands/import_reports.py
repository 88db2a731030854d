"""Brings reports into the library in bulk: a table, with PDFs in files beside it."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from knowledge.actions.imports import Tally, summary, take_rows
from knowledge.exchange.beside import Folder
from knowledge.exchange.problems import Wrong
from knowledge.exchange.tables import MOST_BYTES, Row, read_table
from knowledge.exchange.writing import TABLE


class Command(BaseCommand):
    help = (
        "Take reports from a CSV, with the PDFs that it names in files beside it. Everything is "
        "tried first: with one error nothing is changed. Running it again changes nothing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("table", type=Path, help=f"the CSV, or a folder with {TABLE}")
        parser.add_argument("--trial", action="store_true", help="say what would be done")
        parser.add_argument(
            "--skip-wrong", action="store_true", help="take the rows that are right nevertheless"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["table"]
        table = path / TABLE if path.is_dir() else path
        with override("en"):
            rows = self._rows(table)
            trial = take_rows(rows, Folder(table.parent), by=None, is_trial=True)
            for problem in trial.problems:
                self.stderr.write(f"{table}: {problem}")
            if options["trial"]:
                return self._end(f"Would be: {summary(trial)}", trial)
            if trial.wrong and not options["skip_wrong"]:
                raise CommandError(f"Nothing was changed. It would be: {summary(trial)}")
            tally = take_rows(rows, Folder(table.parent), by=None, is_trial=False)
            return self._end(summary(tally), tally)

    def _end(self, text: str, tally: Tally) -> None:
        self.stdout.write(text)
        if tally.wrong:
            raise CommandError("Some rows are wrong; see above.")

    def _rows(self, table: Path) -> list[Row]:
        try:
            with table.open("rb") as file:
                return read_table(file.read(MOST_BYTES + 1))
        except OSError as error:
            raise CommandError(f"{table} cannot be read: {error.strerror}.") from None
        except Wrong as wrong:
            told = "\n".join(f"{table}: {problem}" for problem in wrong.problems)
            raise CommandError(f"Nothing was changed.\n{told}") from None
