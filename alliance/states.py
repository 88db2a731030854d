"""The names of what public pages are made from, as it is at this moment; see ADR 0063.

Each app that shows something to anybody says in one question what state it is in, and
`PUBLIC_STATES` lists them. They are asked together, in one query; within a request that only reads,
the first answer holds for all of it. What is drawn is kept under these names: a change is seen with
the next request, on every machine, and nothing has to be thrown away.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from alliance import planned

# By the names of `PUBLIC_STATES`; None where something is being changed just now.
States = Mapping[str, str | None]
Handler = Callable[[HttpRequest], HttpResponse]

_NAME = "alliance_states"
_of_request: ContextVar[list[States] | None] = ContextVar("states", default=None)


def once_per_request(get_response: Handler) -> Handler:
    """Middleware: what a request that changes nothing reads first holds for all of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _of_request.set([] if request.method in {"GET", "HEAD"} else None)
        try:
            return get_response(request)
        finally:
            _of_request.reset(token)

    return middleware


def now() -> States:
    """All names, at the cost of at most one query."""
    known = known_already()
    if known is not None:
        return known
    states = dict(zip(settings.PUBLIC_STATES, _ask(), strict=True))
    held = _of_request.get()
    if held is not None:
        held.append(states)
    return states


def known_already() -> States | None:
    """What this request has read before; None where it has not."""
    held = _of_request.get()
    return held[0] if held else None


def settled() -> tuple[str, ...] | None:
    """One name for everything that anybody sees today; None while a part of it is being changed.

    What was drawn under it shows what is true, as long as it is asked for the name first.
    """
    states = now().values()
    names = [name for name in states if name is not None]
    return (str(timezone.localdate()), *names) if len(names) == len(states) else None


def _ask() -> tuple[str | None, ...]:
    """The first question of most requests: it shows as well whether the connection still holds."""
    ours: Any = connections[DEFAULT_DB_ALIAS]
    if ours.connection is not None:
        ours.health_check_done = True
    try:
        return _read(ours)
    except (OperationalError, InterfaceError):
        if ours.in_atomic_block:
            raise
        ours.close()
        return _read(ours)


def _read(ours: Any) -> tuple[str | None, ...]:
    asked = question()
    if planned.keeps_plans(ours):
        planned.plan(ours, _NAME, asked)
        asked = f"EXECUTE {_NAME}"
    with ours.cursor() as cursor:
        cursor.execute(asked)
        row: tuple[str | None, ...] = cursor.fetchone()
    return row


@cache
def question() -> str:
    """The SQL that names all states, in the order of `PUBLIC_STATES`."""
    parts = [f"({import_string(place)})" for place in settings.PUBLIC_STATES.values()]
    return f"SELECT {', '.join(parts)}"
