from typing import Any

from django.core.management.base import BaseCommand

from alliance.reference_data import load_reference_data


class Command(BaseCommand):
    help = "Adds the shipped vocabularies and countries that are missing; changes no other row."

    def handle(self, *_: Any, **options: Any) -> None:
        added = load_reference_data()
        if options["verbosity"]:
            self.stdout.write(
                f"Reference data: {added.vocabularies} vocabularies, {added.terms} terms and "
                f"{added.countries} countries added."
            )
