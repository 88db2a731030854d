"""Rows in any number: some are made by Django, and the database copies them as often as it takes."""

from django.db import connection
from django.db.models import AutoField, Max, Min, Model

# So many rows are made by Django.
BLOCK = 500


def numbers_of(model: type[Model]) -> int:
    """How far the numbers of a table's rows reach from the first to the last, both counted."""
    ends = model._default_manager.aggregate(first=Min("pk"), last=Max("pk"))
    return (ends["last"] or 0) - (ends["first"] or 0) + 1


def copy(model: type[Model], times: int, **changed: str) -> None:
    """All rows of the table so many times more; `changed` are columns and what stands in them.

    Each copy has its number, `copy`. Keys of its own a row is given as far above the first one.
    """
    table, key = model._meta.db_table, model._meta.pk
    is_numbered = isinstance(key, AutoField)
    if is_numbered:
        changed["id"] = f"id + {numbers_of(model)} * copy"
    columns = [str(field.column) for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 - names of our own
            f"SELECT {values} FROM {table}, generate_series(1, %s) copy",
            [times],
        )
        if is_numbered:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608 - names of our own
            )


def tidy() -> None:
    """What a database does by itself after so many rows; not within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
