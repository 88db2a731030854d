"""Questions that a connection plans once: to plan one often takes longer than to answer it.

A plan belongs to its connection, so none is kept where a pooler gives each transaction another one.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

# By psycopg2's connections, which are new ones where Django has connected anew.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def keeps_plans(ours: Any) -> bool:
    """Whether the connection of Django's wrapper stays the same from one question to the next."""
    return not ours.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def plan(
    ours: Any, name: str, question: str, *, types: Sequence[str] = (), params: Any = None
) -> None:
    """Have `EXECUTE name` ask the question, with values of these types in the places `$1`, `$2` …

    `params` stand in the question for good.
    """
    ours.ensure_connection()
    names = _planned.setdefault(ours.connection, set())
    if name in names:
        return
    declared = f"({', '.join(types)})" if types else ""
    with ours.connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name}{declared} AS {question}", params)
    names.add(name)


def forget(ours: Any) -> None:
    """Drop the plans of a connection, as after a table has changed under them."""
    with ours.connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    _planned.pop(ours.connection, None)
