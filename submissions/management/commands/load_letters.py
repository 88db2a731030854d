"""Loads the usual letters that come with the portal."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions.letters import load_letters


class Command(BaseCommand):
    help = "Load the usual letters; what staff have written is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Letters: {load_letters()} new.")
