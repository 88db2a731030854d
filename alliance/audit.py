"""The event trail: who did what to which object, and when. Rows are added, never changed."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import models

from alliance.models import Event
from alliance.prepared_writes import insert

log = logging.getLogger(__name__)

_waiting: ContextVar[list[Event] | None] = ContextVar("waiting_events", default=None)

# Codes of states, terms, columns and roles; days; ids of rows that have no number. What people are
# called, and write, has a capital, a space, an @ or a letter beyond these somewhere.
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,59}|\d{4}-\d\d-\d\d|[0-9a-f]{32}")


class NotForTheTrail(ValueError):
    """A value that may hold personal data; the message names its key, not the value."""


def record(
    name: str, *, by: models.Model | None, about: models.Model, internal: bool = False, **data: Any
) -> None:
    """Add an event called `name` (as in "submission.withdrawn") about a saved object.

    `data` holds codes, numbers, ids and days, or lists of them, never names, addresses or free
    text: so that a person can be erased without breaking the trail. Raises NotForTheTrail for
    anything else; in production it is left out and logged, since what somebody does must not fail
    for it. `internal` events are shown to staff alone.
    Call it inside the transaction of the change that it tells of.
    """
    event = Event(
        name=name,
        actor_id=by.pk if by is not None else None,
        subject_type=about._meta.label_lower,
        subject_id=about.pk,
        internal=internal,
        data={key: value for key, value in data.items() if _may_stay(name, key, value)},
    )
    waiting = _waiting.get()
    if waiting is None:
        insert(event)
    else:
        waiting.append(event)


@contextmanager
def in_one_go() -> Iterator[None]:
    """The events recorded within are written at its end, in their order, by one statement.

    For an action of several steps; it stands inside the action's transaction, so that what fails
    on the way leaves neither change nor event.
    """
    events: list[Event] = []
    token = _waiting.set(events)
    try:
        yield
    finally:
        _waiting.reset(token)
    Event.objects.bulk_create(events)


def _may_stay(name: str, key: str, value: Any) -> bool:
    if all(map(_says_nothing_of_people, value if isinstance(value, list) else [value])):
        return True
    if settings.LOCAL_MODE:
        raise NotForTheTrail(f"“{key}” of {name} is no code, number, id or day")
    log.error("left out of the trail", extra={"trail": name, "key": key})
    return False


def _says_nothing_of_people(value: Any) -> bool:
    if isinstance(value, str):
        return not value or _CODE.fullmatch(value) is not None
    return value is None or isinstance(value, int)
