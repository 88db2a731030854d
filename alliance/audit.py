"""The event trail: who did what to which object, and when. Rows are added, never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from alliance.models import Event

_waiting: ContextVar[list[Event] | None] = ContextVar("waiting_events", default=None)


def record(
    name: str, *, by: models.Model | None, about: models.Model, internal: bool = False, **data: Any
) -> None:
    """Add an event called `name` (as in "submission.withdrawn") about a saved object.

    `data` holds codes, numbers and ids only, never names, addresses or free text: so that a
    person can be erased without breaking the trail. `internal` events are shown to staff alone.
    Call it inside the transaction of the change that it tells of.
    """
    event = Event(
        name=name,
        actor_id=by.pk if by is not None else None,
        subject_type=about._meta.label_lower,
        subject_id=about.pk,
        internal=internal,
        data=data,
    )
    waiting = _waiting.get()
    if waiting is None:
        event.save()
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
