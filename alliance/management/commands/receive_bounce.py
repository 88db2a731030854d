import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from alliance.bounces.intake import take_in
from alliance.bounces.reading import LARGEST


class Command(BaseCommand):
    help = (
        "Read one message that came back from standard input; a mail server's pipe calls it. "
        "Ends with 75 where the server should try again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipients", nargs="*", help="The address that it was sent to.")

    def handle(self, *args: Any, **options: Any) -> None:
        message = sys.stdin.buffer.read(LARGEST)
        while sys.stdin.buffer.read(LARGEST):
            pass  # the server waits until it has got rid of all of it
        try:
            outcome = take_in(message, options["recipients"])
        except DatabaseError:
            self.stderr.write("The database cannot be reached now.")
            sys.exit(os.EX_TEMPFAIL)
        self.stdout.write(outcome.value)
