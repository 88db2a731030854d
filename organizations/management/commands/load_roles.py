"""Makes the roles of the secretariat, with what each may do in the admin."""

from typing import Any

from django.core.management.base import BaseCommand

from organizations.groups import ROLES, load_groups


class Command(BaseCommand):
    help = "Make the roles of the secretariat and their rights; what staff added is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        load_groups()
        self.stdout.write(f"Roles: {', '.join(ROLES)}.")
