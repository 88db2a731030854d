"""`manage.py restore FOLDER`: database and files as they were, in a place where nothing is."""

from argparse import ArgumentTypeError
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.backups.errors import BackupError
from alliance.backups.manifest import Manifest
from alliance.backups.restoring import give_back_files, recovered, restored
from alliance.models import OutgoingMail
from alliance.postgres_places import PostgresError
from alliance.trail_check import check_trail
from submissions.actions.restored import erase_again

LATEST = "latest"


def moment(text: str) -> datetime | str:
    """A moment as people write it, in UTC unless it says otherwise."""
    if text == LATEST:
        return text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError('write it as in "2026-11-22 14:05", or latest') from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "Take the newest copy in a folder back, or with --to the state of any moment since. Only "
        "into an empty place; a damaged copy is refused before anything is written."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="What `manage.py backup` wrote to.")
        parser.add_argument(
            "--to",
            type=moment,
            metavar="MOMENT",
            help='In UTC, as in "2026-11-22 14:05", or latest.',
        )
        parser.add_argument(
            "--files",
            action="store_true",
            help="Only the files that the database names, and that are not there.",
        )
        parser.add_argument(
            "--other-secrets",
            action="store_true",
            help="Although SECRET_KEY or TRAIL_KEY is another than the one that was copied.",
        )

    def handle(self, *, folder: Path, files: bool, **options: Any) -> None:
        folder = folder.absolute()
        try:
            if files:
                self._give_back_files(folder)
            else:
                with self._database(folder, **options) as manifest:
                    self._finish(folder, manifest)
        except (BackupError, PostgresError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Done.")

    def _database(
        self, folder: Path, *, to: datetime | str | None, other_secrets: bool, **options: Any
    ) -> AbstractContextManager[Manifest]:
        if to is None:
            return restored(folder, other_secrets=other_secrets, tell=self.stdout.write)
        until = to if isinstance(to, datetime) else None
        return recovered(folder, until, other_secrets=other_secrets, tell=self.stdout.write)

    def _finish(self, folder: Path, manifest: Manifest) -> None:
        """Everything that the database alone does not bring back."""
        call_command("migrate", interactive=False, verbosity=0)
        self._give_back_files(folder)
        trail = check_trail(*filter(None, [manifest.seal]))
        self.stdout.write(f"The trail: {trail.seals} seals and {trail.events} events fit.")
        if trail.broken:
            self.stderr.write(f"The trail is broken: {trail.place}.")
        done, refused = erase_again(folder / "erased")
        self.stdout.write(f"{done} people who had been erased since were erased again.")
        for number in refused:
            self.stderr.write(
                f"Person {number} asked to be erased and is an only owner: see to it."
            )
        waiting = OutgoingMail.objects.filter(status=OutgoingMail.Status.QUEUED).count()
        self.stdout.write(
            f"{waiting} mails were waiting then, and go out once a worker runs: some for the second "
            f"time."
        )

    def _give_back_files(self, folder: Path) -> None:
        for name in sorted(give_back_files(folder)):
            self.stderr.write(f"Named by a row, but in no copy: {name}")
