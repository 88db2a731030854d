"""`manage.py backup FOLDER`: a copy of database and files, beside the portal that is running.

It stands on the top floor because it also notes who has been erased.
"""

import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from alliance.backups.errors import BackupError
from alliance.backups.following import follow
from alliance.backups.making import alone_in, closed_to_others, drop_old, is_due, make_copy
from alliance.backups.manifest import Manifest
from submissions.actions.restored import note_erased


class Command(BaseCommand):
    help = (
        "Copy database and files into a folder, which holds all copies and grows by what is new. "
        "Secrets are in no copy. `manage.py restore` takes one back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Made if it is not there; on another disk.")
        parser.add_argument(
            "--keep", type=int, metavar="DAYS", help="Afterwards, drop copies that are older."
        )
        parser.add_argument(
            "--follow",
            action="store_true",
            help="Make no copy but stay, and keep the server's log and new files.",
        )
        parser.add_argument(
            "--every",
            type=int,
            metavar="HOURS",
            help="With --follow: make a copy as well whenever the newest is that old.",
        )

    def handle(
        self, *, folder: Path, keep: int | None, follow: bool, every: int | None, **options: Any
    ) -> None:
        folder = folder.absolute()
        if every is not None and not follow:
            raise CommandError("--every goes with --follow.")
        try:
            with closed_to_others():
                if follow:
                    self._follow(folder, every, keep)
                else:
                    self._copy(folder, keep)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _copy(self, folder: Path, keep: int | None) -> None:
        with alone_in(folder):
            copy = make_copy(folder)
            note_erased(folder / "erased")
            dropped = drop_old(folder, keep) if keep is not None else 0
        manifest = Manifest.read(copy)
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(f"{copy}: {rows} rows, {len(manifest.files)} files, {dropped} dropped.")
        for name in manifest.missing:
            self.stderr.write(f"Named by a row, but not there: {name}")

    def _follow(self, folder: Path, every: int | None, keep: int | None) -> None:
        def besides() -> None:
            note_erased(folder / "erased")
            if every is not None and is_due(folder, every):
                self._copy(folder, keep)

        folder.mkdir(parents=True, exist_ok=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            follow(folder, besides)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
