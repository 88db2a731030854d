"""Questions to the database that are worked out once for each process.

Django turns a queryset into SQL anew every time it is asked. For a wide row that takes several
times as long as the answer itself, which counts where every page, or every sending, asks the same.
What changes from one time to the next are the values, and they have their places in the SQL.

The database plans it anew every time as well, which takes most of its own time. Outside of
transactions each connection therefore plans it once (`alliance.planned`).
"""

import uuid
from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections, models
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from psycopg2.extensions import AsIs

from alliance import planned, reading

Row = TypeVar("Row", bound=models.Model)

# Values that no row has: they show where in the SQL the real ones belong.
_PLACES: dict[type, tuple[Any, ...]] = {
    int: tuple(-9_100_000_000_000_000_000 - number for number in range(9)),
    str: tuple(f"\0{number}" for number in range(9)),
    uuid.UUID: tuple(uuid.UUID(int=number) for number in range(9)),
    date: tuple(date(1, 1, 1) + timedelta(number) for number in range(9)),
    datetime: tuple(datetime(1, 1, 1, tzinfo=UTC) + timedelta(number) for number in range(9)),
}

# What the database calls them.
_TYPES = {int: "bigint", str: "text", uuid.UUID: "uuid", date: "date", datetime: "timestamptz"}
_numbers = count(1)

PlaceValue = int | str | uuid.UUID | date | datetime


class _Place(NamedTuple):
    """Stands among the parameters of the SQL for the value of that number."""

    number: int


class _Kept(NamedTuple):
    compiler: SQLCompiler
    sql: str
    params: list[Any]
    # By the place of their column: what makes Python's values of the database's.
    converters: dict[int, Any]


class Prepared(Generic[Row]):
    """A queryset of `question(*values)`, as SQL that is kept.

    `kinds` are the types of the values, those of `PlaceValue`. The question must be the same whatever they
    are, must be about a whole model (with or without `select_related`), and must not look at the
    clock or at a setting: what it says besides its values is said once and for all.
    """

    def __init__(self, question: Callable[..., models.QuerySet[Row]], *kinds: type) -> None:
        self._question = question
        self._types = [_TYPES[kind] for kind in kinds]
        self._name = f"alliance_{next(_numbers)}"
        self._places = [_PLACES[kind][number] for number, kind in enumerate(kinds)]
        self._kept: _Kept | None = None

    def all(self, *values: PlaceValue) -> list[Row]:
        """The rows, in one query.

        Raises TransactionManagementError where they are to be locked outside a transaction.
        """
        if self._kept is None:
            self._kept = self._prepare()
        compiler, sql, params, _converters = self._kept
        # Not the one that the SQL was made for: it is the same for each.
        locks = compiler.query.select_for_update
        connection = connections[DEFAULT_DB_ALIAS] if locks else reading.connection()
        if locks and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked inside a transaction.")
        if planned.keeps_plans(connection) and not connection.in_atomic_block:
            self._plan(connection, sql, params)
            try:
                return _ask(self._kept, connection, self._execute, values)
            except NotSupportedError:  # a column is another since the plan was made
                planned.forget(connection)
        filled = [values[param.number] if isinstance(param, _Place) else param for param in params]
        return _ask(self._kept, connection, sql, filled)

    def first(self, *values: PlaceValue) -> Row | None:
        """The first row, or None."""
        return next(iter(self.all(*values)), None)

    @property
    def _execute(self) -> str:
        places = ", ".join("%s" for _type in self._types)
        return f"EXECUTE {self._name}({places})" if places else f"EXECUTE {self._name}"

    def _plan(self, connection: Any, sql: str, params: Sequence[Any]) -> None:
        """Have the connection plan the question, unless it has."""
        own = [AsIs(f"${p.number + 1}") if isinstance(p, _Place) else p for p in params]
        planned.plan(connection, self._name, sql, types=self._types, params=own)

    def _prepare(self) -> _Kept:
        queryset = self._question(*self._places)
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, said = compiler.as_sql()
        params = [
            _Place(self._places.index(param)) if param in self._places else param for param in said
        ]
        places = {param for param in params if isinstance(param, _Place)}
        if len(places) != len(self._places):
            raise ValueError("The question has no place for one of its values.")
        columns = [column for column, _sql, _alias in compiler.select]
        return _Kept(compiler, sql, params, compiler.get_converters(columns))


def _ask(kept: _Kept, connection: Any, sql: str, values: Sequence[Any]) -> list[Any]:
    """The rows as Django makes them."""
    # Each thread has a connection of its own, and so a compiler.
    asked: Any = copy(kept.compiler)
    asked.connection = connection
    asked.as_sql = lambda: (sql, values)
    asked.get_converters = lambda columns: kept.converters
    query = SimpleNamespace(get_compiler=lambda using: asked)
    stand_in: Any = SimpleNamespace(db=connection.alias, query=query, _known_related_objects={})
    return list(ModelIterable(stand_in))


def hold(parent: models.Model, name: str, rows: list[Any]) -> None:
    """Have `parent.<name>.all()` give these rows, as `prefetch_related` does with what it read."""
    held: Any = getattr(parent, name).get_queryset()
    held._result_cache = rows
    held._prefetch_done = True
    vars(parent).setdefault("_prefetched_objects_cache", {})[name] = held
