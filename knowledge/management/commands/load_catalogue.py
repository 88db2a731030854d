"""Puts the reports that the portal ships into the library, and lets its editors in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.catalogue_loader import CatalogueError, load_catalogue
from knowledge.permissions import load_rights


class Command(BaseCommand):
    help = "Add the reports that the portal ships; what an editor has changed is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        load_rights()
        try:
            loaded = load_catalogue()
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Library: {len(loaded.added)} reports added, {len(loaded.updated)} updated, "
            f"{len(loaded.kept)} as they were."
        )
