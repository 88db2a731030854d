"""What waits to be done, and for how long: as whoever looks after the portal wants to know it.

Work is a row, so that it can be counted. `QUEUES` in the settings names the functions of the apps
that count theirs; each returns a `Queue` and asks one query.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from alliance.models import BackupCopy


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Work of one kind; `oldest` is the moment since when the first of it waits.

    After `late_after` it has waited too long; None where waiting is no sign of anything.
    """

    name: str
    waiting: int
    oldest: datetime | None
    late_after: timedelta | None

    @property
    def age(self) -> timedelta:
        """For how long the oldest waits; nothing where none does."""
        if self.oldest is None:
            return timedelta()
        return max(timezone.now() - self.oldest, timedelta())

    @property
    def is_late(self) -> bool:
        return self.late_after is not None and self.age > self.late_after


def count(
    name: str, rows: QuerySet[Any], since: str, *, late_after: timedelta | None = None
) -> Queue:
    """The queue of these rows, each of which waits since the time in its column `since`."""
    found = rows.order_by().aggregate(waiting=Count("pk"), oldest=Min(since))
    return Queue(name=name, waiting=found["waiting"], oldest=found["oldest"], late_after=late_after)


def queues() -> Iterator[Queue]:
    """Every queue of the portal; as many queries."""
    for path in settings.QUEUES:
        teller: Callable[[], Queue] = import_string(path)
        yield teller()


def free_disk() -> int:
    """Bytes that are free where the portal keeps its files, or will keep them."""
    data = settings.ALLIANCE_DATA
    folder = next(place for place in (data, *data.parents) if place.exists())
    return shutil.disk_usage(folder).free


def disk_is_low() -> bool:
    """Whether less than twice of that is free below which uploads are refused."""
    return free_disk() < 2 * settings.UPLOAD_FREE_DISK_FLOOR


def uncopied_for() -> timedelta | None:
    """How old what would be brought back is; where no copy was ever made, the age of the portal.

    None where nobody expects one: the portal is only tried, or is copied by other means.
    """
    last = BackupCopy.objects.first()
    if last is not None:
        return timezone.now() - last.began_at
    if settings.LOCAL_MODE or settings.COPIED_ELSEWHERE:
        return None
    installed = MigrationRecorder(connection).migration_qs.earliest("id").applied
    return timezone.now() - installed
