"""Public pictures that nothing names any more: a replaced logo, or that of what was deleted.

A picture is named by its content, so that several rows may share one. Nobody deletes one together
with a row: the sweep asks every column of `PICTURE_COLUMNS` and deletes what none of them names, and
so does whoever cannot wait for it (`drop_picture`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import Storage, storages
from django.utils import timezone

_EVERY = timedelta(hours=1)
# A picture is stored before its row says so, and stored again when it is sent again. No transaction
# lasts so long, not even that of a large table of reports.
_YOUNG = timedelta(days=1)
_AT_ONCE = 2000


def sweep_pictures() -> int:
    """Delete, once an hour whoever asks, pictures without a row; returns how many."""
    if not cache.add("alliance.pictures", "done", timeout=_EVERY.total_seconds()):
        return 0
    return drop_unnamed(timezone.now() - _YOUNG)


def drop_unnamed(before: datetime) -> int:
    """Delete pictures stored before that moment which no row names; returns how many."""
    stored = _names_in(storages["pictures"], "")
    dropped = 0
    while names := list(islice(stored, _AT_ONCE)):
        dropped += _drop(names, before)
    return dropped


def drop_picture(name: str, before: datetime) -> bool:
    """Delete one that no row names any more, unless it was stored again since that moment."""
    return bool(storages["pictures"].exists(name) and _drop([name], before))


def _drop(names: Sequence[str], before: datetime) -> int:
    storage, dropped = storages["pictures"], 0
    for name in set(names) - _named(names):
        # Asked last of all: somebody may have sent this very picture meanwhile.
        if storage.get_modified_time(name) < before:
            storage.delete(name)
            dropped += 1
    return dropped


def _names_in(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nobody has sent one yet
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from _names_in(storage, prefix + name)


def _named(names: Sequence[str]) -> set[str]:
    """Those of the names that stand in some row; one query, so that none slips from row to row."""
    asked = []
    for place in settings.PICTURE_COLUMNS:
        model, _dot, column = place.rpartition(".")
        rows = apps.get_model(model)._base_manager.filter(**{f"{column}__in": names})
        asked.append(rows.order_by().values_list(column, flat=True))
    first, *others = asked
    return set(first.union(*others))
