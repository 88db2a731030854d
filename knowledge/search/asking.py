"""Questions to the database that are given up after a fixed time, whatever was typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import OperationalError, transaction
from psycopg2.errors import QueryCanceled

from alliance import reading

# For each of the two or three questions of a page.
LONGEST = 1500  # milliseconds

# To read a whole table would mean to unpack every report's words, which the planner does not know.
# To compile a question takes longer than to answer it.
_SET = "SET LOCAL statement_timeout = {}; SET LOCAL enable_seqscan = off; SET LOCAL jit = off; "
_RESET = "SET LOCAL statement_timeout TO {}; SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT"


class TookTooLong(Exception):
    """The library could not answer in the time that a question may take."""


def ask(
    sql: str, values: Sequence[Any] | Mapping[str, Any], *, longest: int = 0
) -> list[tuple[Any, ...]]:
    """The rows of one question. Raises TookTooLong after `longest` milliseconds, `LONGEST` where none is given.

    The settings travel with the question and end with it: one way to the database and no more.
    """
    try:
        line = reading.connection()
        if not line.in_atomic_block:
            return _rows(line, sql, values, longest)
        with transaction.atomic(using=line.alias), line.cursor() as cursor:
            rows = _rows(line, sql, values, longest)
            cursor.execute(_RESET.format(reading.usual_timeout()))
            return rows
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


def _rows(
    line: Any, sql: str, values: Sequence[Any] | Mapping[str, Any], longest: int
) -> list[tuple[Any, ...]]:
    with line.cursor() as cursor:
        cursor.execute(_SET.format(longest or LONGEST) + sql, values)
        return list(cursor.fetchall())
