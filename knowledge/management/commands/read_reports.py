"""`manage.py read_reports`: reads the text of PDF files now, as the worker does by itself."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from knowledge.tasks import read_again, read_due_files


class Command(BaseCommand):
    help = "Read the text of the library's PDF files that is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="read every current file once more, as after an update of the reader",
        )

    def handle(self, *, again: bool, **options: Any) -> None:
        if again:
            self.stdout.write(f"due once more: {read_again()}")
        self.stdout.write(f"read: {read_due_files()}")
