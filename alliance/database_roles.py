"""Two roles of the database: the owner makes and changes tables, the portal runs as the other.

The other one reads and writes rows, but only adds to the trail: whoever gets hold of a running
portal can take nothing out of it. Where one role does both, as on a server with a single account,
everything works and `check --deploy` says what is missing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

# To these tables the portal adds rows, and does nothing else.
APPEND_ONLY = ("alliance_event", "alliance_seal")
# Written by migrations alone.
READ_ONLY = ("django_migrations",)

_OWN = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = ANY(%s)
      AND pg_has_role(c.relowner, 'USAGE')
    ORDER BY c.relname
"""
# In one transaction: at no moment is the trail open to the role. The default privileges are for
# what is made later, such as the table of the cache.
_STATEMENTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE {tables} TO {role}",
    "GRANT USAGE, SELECT ON SEQUENCE {sequences} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES"
    " TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLE {append_only} FROM {role}, PUBLIC",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON TABLE {read_only} FROM {role}, PUBLIC",
)
_MAY_REWRITE = """
    SELECT bool_or(
        pg_has_role(c.relowner, 'MEMBER')
        OR has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
        OR has_any_column_privilege(c.oid, 'UPDATE')
    )
    FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)
"""


class RoleMissing(Exception):
    """The role that the portal runs as is not there; the text says how to make it."""


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block the default connection belongs to the owner of the tables."""
    present = connection.settings_dict
    ours = {name: present[name] for name in settings.DATABASE_OWNER}
    if ours == settings.DATABASE_OWNER:
        yield
        return
    connection.close()
    present.update(settings.DATABASE_OWNER)
    try:
        yield
    finally:
        connection.close()
        present.update(ours)


def grant_runtime_role() -> bool:
    """Give the role that the portal runs as what it needs, and take from it what it does not.

    Returns whether there is such a role beside the owner. May run any number of times, beside a
    portal that is running. Raises RoleMissing.
    """
    role = settings.DATABASE_RUNTIME_ROLE
    if role == settings.DATABASE_OWNER["USER"]:
        return False
    with as_owner(), transaction.atomic():
        if not _ask("SELECT count(*) FROM pg_roles WHERE rolname = %s", role)[0][0]:
            raise RoleMissing(f"The role {role} is missing: CREATE ROLE {role} LOGIN PASSWORD '…'")
        for statement in _grants(role):
            with connection.cursor() as cursor:
                cursor.execute(statement.as_string(cursor.cursor))
    return True


def may_rewrite_trail() -> bool:
    """Whether the role of the present connection could change or remove what is in the trail."""
    return bool(_ask(_MAY_REWRITE, list(APPEND_ONLY))[0][0])


def _grants(role: str) -> Iterator[sql.Composed]:
    """The statements that apply: before the first migration some tables are not there."""
    tables = [row[0] for row in _ask(_OWN, ["r", "p", "v", "m"])]
    names = {
        "role": sql.Identifier(role),
        "schema": sql.Identifier(_ask("SELECT current_schema()")[0][0]),
        "tables": _listed(tables),
        "sequences": _listed([row[0] for row in _ask(_OWN, ["S"])]),
        "append_only": _listed([name for name in APPEND_ONLY if name in tables]),
        "read_only": _listed([name for name in READ_ONLY if name in tables]),
    }
    for statement in _STATEMENTS:
        if all(names[name] for name in names if f"{{{name}}}" in statement):
            yield sql.SQL(statement).format(**names)


def _listed(names: list[str]) -> sql.Composed | None:
    return sql.SQL(", ").join([sql.Identifier(name) for name in names]) if names else None


def _ask(query: str, *values: str | list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
