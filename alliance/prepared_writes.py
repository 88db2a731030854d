"""Rows written by SQL that is put together once for each process.

Django makes the SQL of a row anew each time one is saved, which takes longer than the database
takes to write it. That counts where somebody waits. What is written is the same: each field
prepares its own value. As with `bulk_create`, no signals are sent and no `save` of a model's own
is called; values are plain, not expressions.
"""

from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction

_Fields = tuple[models.Field[Any, Any], ...]


def insert(row: models.Model) -> None:
    """Write a new row, and note on it the number that the database gives."""
    sql, fields = _inserting(type(row))
    number = _write(sql, _values(row, fields, is_new=True), gives_number=True)
    setattr(row, row._meta.pk.attname, number)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: models.Model, *names: str) -> None:
    """Write these fields of a row. Raises DatabaseError where there is none, as `save` does."""
    sql, fields = _updating(type(row), names)
    if not _write(sql, [*_values(row, fields, is_new=False), row.pk]):
        raise DatabaseError("There is no row to update.")


def _write(sql: str, values: list[Any], *, gives_number: bool = False) -> int:
    """How many rows were written, or the number of the one that was."""
    with (
        transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS),
        connections[DEFAULT_DB_ALIAS].cursor() as cursor,
    ):
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0] if gives_number else cursor.rowcount)


def _values(row: models.Model, fields: _Fields, *, is_new: bool) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]
    return [
        field.get_db_prep_save(field.pre_save(row, is_new), connection=database) for field in fields
    ]


@lru_cache(maxsize=64)
def _inserting(model: type[models.Model]) -> tuple[str, _Fields]:
    fields = tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)
    table, number = _quoted(model._meta.db_table), _column(model._meta.pk)
    columns, places = ", ".join(map(_column, fields)), ", ".join(map(_place, fields))
    # Only names of our models are put into the text; values go beside it.
    sql = f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {number}"  # noqa: S608
    return sql, fields


@lru_cache(maxsize=64)
def _updating(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, _Fields]:
    by_name = {field.name: field for field in model._meta.local_concrete_fields}
    fields = tuple(by_name[name] for name in names)
    table, number = _quoted(model._meta.db_table), _column(model._meta.pk)
    changes = ", ".join(f"{_column(field)} = {_place(field)}" for field in fields)
    # As above: names of our models alone.
    return f"UPDATE {table} SET {changes} WHERE {number} = %s", fields  # noqa: S608


def _column(field: models.Field[Any, Any]) -> str:
    return _quoted(str(field.column))


def _quoted(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)


def _place(field: Any) -> str:
    """Where a value goes: arrays say their type there."""
    if not hasattr(field, "get_placeholder"):
        return "%s"
    return str(field.get_placeholder(None, None, connections[DEFAULT_DB_ALIAS]))
