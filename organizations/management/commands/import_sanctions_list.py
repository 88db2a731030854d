"""`manage.py import_sanctions_list FILE_OR_ADDRESS`: takes a new list, and screens everybody."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from alliance.exceptions import ActionRefused
from organizations.models import ListImport
from organizations.screening.runs import screen_due
from organizations.screening.snapshots import import_list


class Command(BaseCommand):
    help = "Take the UN Security Council Consolidated List, and screen every organization with it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source",
            metavar="FILE_OR_ADDRESS",
            nargs="?",
            default=settings.SANCTIONS_LIST_ADDRESS,
            help="An XML file, or an address that begins with https://.",
        )
        parser.add_argument(
            "--accept-fall",
            action="store_true",
            help="Take the list although it is more than a tenth shorter than the present one.",
        )

    def handle(self, *, source: str, accept_fall: bool, **options: Any) -> None:
        if not source:
            raise CommandError("Name a file or an address.")
        try:
            attempt = import_list(source, accept_fall=accept_fall)
        except ActionRefused as refused:
            raise CommandError(f"Not taken: {refused} The last good list stays.") from refused
        snapshot = attempt.snapshot
        assert snapshot is not None
        is_new = attempt.outcome == ListImport.Outcome.NEW
        self.stdout.write(
            f"{'New list' if is_new else 'The list is the one in use'}: {snapshot.persons} persons "
            f"and {snapshot.entities} entities, made on {snapshot.generated_at:%d %B %Y}, "
            f"SHA-256 {snapshot.sha256}"
        )
        runs = screen_due()
        self.stdout.write(
            f"Screened {len(runs)} organizations: {sum(run.new for run in runs)} new hits"
        )
