from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from alliance.database_roles import RoleMissing, grant_runtime_role


class Command(BaseCommand):
    help = (
        "Gives the role of DATABASE_URL what the portal needs, as the owner of the tables "
        "(DATABASE_OWNER_URL): all rows, but the trail only to read and add to. `migrate` does it too."
    )

    def handle(self, **options: Any) -> None:
        try:
            is_granted = grant_runtime_role()
        except RoleMissing as missing:
            raise CommandError(str(missing)) from missing
        if not is_granted:
            raise CommandError(
                "The portal runs as the owner of its tables. Make a second role for DATABASE_URL, "
                "and give the owner's address in DATABASE_OWNER_URL."
            )
        self.stdout.write(f"{settings.DATABASE_RUNTIME_ROLE} may add to the trail, not rewrite it.")
