from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from organizations.demo import current_code, demo_lines, load_demo_people


class Command(BaseCommand):
    help = "Make the people to try the portal with, and say how they log in (local mode only)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--code", action="store_true", help="Print the staff's TOTP code of this moment only."
        )

    def handle(self, *, code: bool, **options: Any) -> None:
        if not settings.LOCAL_MODE:
            raise CommandError("Demo people exist in local mode only: everybody knows them.")
        access = load_demo_people()
        self.stdout.write(current_code(access) if code else "\n".join(demo_lines(access)))
