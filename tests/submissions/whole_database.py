"""Where words stand in the database, whichever table and column it is."""

import json
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models
from psycopg2 import sql

# Columns of these kinds hold no words.
_WORDLESS = (
    models.AutoField,
    models.BooleanField,
    models.DateField,
    models.DecimalField,
    models.DurationField,
    models.FloatField,
    models.ForeignKey,
    models.IntegerField,
    models.UUIDField,
)


def columns_with(words: Iterable[str]) -> set[str]:
    """`table.column` for every one in which a row holds one of the words, in any spelling.

    Asks the database itself what columns it has: also those of tables that no model knows. What
    sessions hold is encoded and so opened.
    """
    pattern = "|".join(words)
    found = {
        f"{table}.{column}" for table, column in _columns() if _has_match(table, column, pattern)
    }
    for session in Session.objects.all():
        held = json.dumps(session.get_decoded(), default=str).lower()
        if any(word.lower() in held for word in words):
            found.add("django_session.session_data")
    return found


def _columns() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and data_type not in"
            " ('bigint', 'boolean', 'date', 'integer', 'smallint', 'uuid',"
            " 'timestamp with time zone')"
        )
        yield from cursor.fetchall()


def _has_match(table: str, column: str, pattern: str) -> bool:
    query = sql.SQL("select exists(select 1 from {} where {}::text ~* %s)")
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(sql.Identifier(table), sql.Identifier(column)).as_string(
                cursor.connection
            ),
            [pattern],
        )
        return bool(cursor.fetchone()[0])


def wordy_columns(model: type[models.Model]) -> set[str]:
    """The columns of a model that can hold words which somebody typed.

    Whatever is not known to hold none counts, so that a new kind of field asks for a decision.
    """
    return {
        field.name
        for field in model._meta.concrete_fields
        if not isinstance(field, _WORDLESS) and not field.choices
    }


def all_models() -> list[type[models.Model]]:
    return apps.get_models(include_auto_created=True)
