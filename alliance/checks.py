"""What `manage.py check --deploy --database default` says about the servers that we rest on."""

from collections.abc import Sequence
from typing import Any

import redis
from django.conf import settings
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


def counters_stay(*, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A Redis that drops what it likes when it is full lets whoever fills it go on guessing."""
    if DEFAULT_DB_ALIAS not in (databases or []) or not settings.CACHE_URL:
        return []
    client = redis.Redis.from_url(settings.CACHE_URL, socket_timeout=5)
    policy = client.info("memory")["maxmemory_policy"]
    client.close()
    if policy == "noeviction":
        return []
    return [
        checks.Warning(
            f"Redis makes room by {policy}, which drops what counts wrong passwords as well.",
            hint="Set `maxmemory-policy noeviction`: see “Several machines” in docs/operations.md.",
            id="alliance.W002",
        )
    ]
