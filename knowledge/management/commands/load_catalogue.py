"""Puts the reports that the portal ships into the library."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.catalogue_loader import CatalogueError, load_catalogue


class Command(BaseCommand):
    help = "Add the reports that the portal ships; what an editor has changed is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_catalogue()
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Library: {len(loaded.added)} reports added, {len(loaded.updated)} updated, "
            f"{len(loaded.kept)} as they were."
        )
