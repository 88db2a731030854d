from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from alliance.database_roles import RoleMissing, as_owner, grant_runtime_role


class Command(migrate.Command):
    """Django's own, as the owner of the tables, who then gives the portal's role its rights."""

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            try:
                grant_runtime_role()
            except RoleMissing as missing:
                raise CommandError(str(missing)) from missing
