"""The cache table, in which whoever guesses is counted as well."""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections
from django.db.backends.utils import CursorWrapper

# What allauth calls its counters and their locks.
_COUNTERS = "allauth:"


class CountingCache(DatabaseCache):
    """Django's cache in the database, in which a flood of entries ends no limit early.

    Django's own makes room by dropping a third of what is there, whatever it is, beginning with
    the letter a: whoever fills the table could go on guessing. Here counters stay until they
    expire; everything else can be made again.
    """

    _table: str

    def _cull(self, db: str, cursor: CursorWrapper, now: datetime, num: int) -> None:
        """Drop what has expired; if that is not enough, part of what is no counter."""
        names = connections[db].ops.quote_name
        table, key = names(self._table), names("cache_key")
        expired = f"DELETE FROM {table} WHERE {names('expires')} < %s"  # noqa: S608 - names of our own
        cursor.execute(expired, [now])
        left = num - cursor.rowcount
        if left > self._max_entries:
            values: list[Any] = [self.make_key(_COUNTERS) + "%", left // self._cull_frequency]
            # By their places in the table, which costs as much as there is to drop. By key, a
            # planner that has not seen the flood yet compares every row with every other.
            cursor.execute(
                f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608 - names of our own
                f"SELECT ctid FROM {table} WHERE {key} NOT LIKE %s LIMIT %s))",
                values,
            )
