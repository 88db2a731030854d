"""Which database is asked by what is read just now: the first, or its replica.

That is for `alliance.replica` to decide, which this knows nothing of: the ground, kept SQL among it,
asks here.
"""

from contextvars import ContextVar
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections, models

# For a question to the replica, in milliseconds; a page asks several.
LONGEST = 4000
# The tables that may be read from a replica: sessions, jobs and the cache are no public pages.
_APPS = frozenset({"alliance", "organizations", "knowledge", "submissions"})


class Reading(Protocol):
    """Something public that is drawn."""

    def alias(self) -> str:
        """The name of the database for all of its questions."""


present: ContextVar[Reading | None] = ContextVar("reading", default=None)


def alias() -> str:
    reading = present.get()
    return DEFAULT_DB_ALIAS if reading is None else reading.alias()


def connection() -> Any:
    """The line to that database, for questions that are SQL already."""
    return connections[alias()]


def usual_timeout() -> str:
    """For how long a question there may take that says nothing of it, as PostgreSQL sets it."""
    return "DEFAULT" if alias() == DEFAULT_DB_ALIAS else str(LONGEST)


class Router:
    """Leads what Django reads to that database, and all else to the first."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        """Said of every model: else what belongs to a row would be read from where the row came."""
        return alias() if model._meta.app_label in _APPS else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *rows: models.Model, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS
