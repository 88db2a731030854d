"""The worker's sweeps: run one by one, and how each went is a row that others can read."""

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error
from django.db.models import DateTimeField, F, Max, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.module_loading import import_string

from alliance.models import Sweep

log = logging.getLogger(__name__)

# After so long without a sweep of any kind the worker counts as away.
SILENT_AFTER = timedelta(minutes=5)
_NOTED_EVERY = 60  # seconds


def run(path: str) -> bool:
    """Call the function at the dotted `path`; what fails in it is logged and goes no further."""
    try:
        import_string(path)()
    except Exception:
        log.exception("Sweep %s failed", path)
        return False
    return True


class Notes:
    """Writes down how sweeps go: at once where it is not as before, else once a minute."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[bool, float]] = {}

    def note(self, path: str, *, is_well: bool) -> None:
        """Without a database nothing is noted, nor was anything done."""
        before, at = self._last.get(path, (None, 0.0))
        if before == is_well and time.monotonic() - at < _NOTED_EVERY:
            return
        with suppress(Error):
            note(path, is_well=is_well)
            self._last[path] = (is_well, time.monotonic())


def note(path: str, *, is_well: bool) -> None:
    """Write down that what goes by the name `path` has just gone well, or failed."""
    now = timezone.now()
    if is_well:
        found = {"last_success_at": now, "failing_since": None}
        Sweep.objects.update_or_create(path=path, defaults=found)
        return
    sweep, _ = Sweep.objects.get_or_create(path=path)
    since = Coalesce(F("failing_since"), Value(now, output_field=DateTimeField()))
    Sweep.objects.filter(pk=sweep.pk).update(last_failure_at=now, failing_since=since)


def every_path() -> list[str]:
    """All sweeps of the settings, whichever thread of the worker runs them."""
    return [*settings.PROMPT_SWEEPS, *settings.SWEEPS, *settings.LONG_SWEEPS]


def worker_seen_at() -> datetime | None:
    """When any sweep of any worker last ended, well or not; None before the first. One query."""
    last = Sweep.objects.aggregate(at=Max(Greatest("last_success_at", "last_failure_at")))["at"]
    return last if isinstance(last, datetime) else None


def worker_is_silent() -> bool:
    """Whether no worker has been heard of in the last minutes. One query."""
    seen = worker_seen_at()
    return seen is None or timezone.now() - seen > SILENT_AFTER
