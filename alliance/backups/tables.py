"""What stands in the tables, as counts and sums that two databases can be compared by."""

from typing import NamedTuple

from django.conf import settings
from django.db import connection
from psycopg2 import sql

# Everything that changes how a value is written as text.
_WRITTEN_ALIKE = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
)
_TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition
    ORDER BY c.relname
"""
# The sum of 60 bits of each row's SHA-256: rows have no order, and two tables of the same sum that
# differ come about by no accident. It finds what was lost or damaged, not what somebody forged.
_SUM = """
    SELECT count(*), coalesce(sum(('x' || left(encode(
        sha256(convert_to(t::text, 'UTF8')), 'hex'), 15))::bit(60)::bigint), 0)::text
    FROM {table} t
"""


class Table(NamedTuple):
    rows: int
    sum: str


def cache_tables() -> set[str]:
    """Tables whose rows can be made again, and are in no copy."""
    return {
        str(cache["LOCATION"])
        for cache in settings.CACHES.values()
        if str(cache["BACKEND"]).endswith(("DatabaseCache", "CountingCache"))
    }


def names() -> list[str]:
    """The tables of the portal, without those of the cache."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [row[0] for row in cursor.fetchall() if row[0] not in cache_tables()]


def summed() -> dict[str, Table]:
    """Rows and sum of each table, as the present transaction sees them; it must be one."""
    found = {}
    with connection.cursor() as cursor:
        for statement in _WRITTEN_ALIKE:
            cursor.execute(statement)
        for name in names():
            cursor.execute(
                sql.SQL(_SUM).format(table=sql.Identifier(name)).as_string(cursor.cursor)
            )
            found[name] = Table(*cursor.fetchone())
    return found
