"""What `manage.py check --deploy --database default` says about the database itself."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DEFAULT_DB_ALIAS

from alliance.database_roles import may_rewrite_trail


def trail_is_append_only(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """A role that runs the portal and could rewrite the trail makes half of it worth nothing."""
    if DEFAULT_DB_ALIAS not in (databases or []) or not may_rewrite_trail():
        return []
    return [
        checks.Warning(
            "The database role that the portal runs as could rewrite the trail of events.",
            hint="Run the portal as a second role, and migrations as the owner: "
            "see “Roles of the database” in docs/operations.md.",
            id="alliance.W001",
        )
    ]
