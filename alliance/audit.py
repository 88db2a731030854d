"""The event trail: who did what to which object, and when. Rows are added, never changed."""

from typing import Any

from django.db import models

from alliance.models import Event


def record(
    name: str, *, by: models.Model | None, about: models.Model, internal: bool = False, **data: Any
) -> Event:
    """Add an event called `name` (as in "submission.withdrawn") about a saved object.

    `data` holds codes, numbers and ids only, never names, addresses or free text: so that a
    person can be erased without breaking the trail. `internal` events are shown to staff alone.
    Call it inside the transaction of the change that it tells of.
    """
    return Event.objects.create(
        name=name,
        actor_id=by.pk if by is not None else None,
        subject_type=about._meta.label_lower,
        subject_id=about.pk,
        internal=internal,
        data=data,
    )
