"""Public pictures that nothing names any more: a replaced logo, or that of what was deleted.

A picture is named by its content, so that several rows may share one. Nobody deletes one together
with a row; the sweep asks every column of `PICTURE_COLUMNS` and deletes what none of them names.
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
# A picture is stored before its row says so, and stored again when it is sent again.
_YOUNG = timedelta(hours=1)
_AT_ONCE = 2000


def sweep_pictures() -> int:
    """Delete, once an hour whoever asks, pictures without a row; returns how many."""
    if not cache.add("alliance.pictures", "done", timeout=_EVERY.total_seconds()):
        return 0
    return drop_unnamed(timezone.now() - _YOUNG)


def drop_unnamed(before: datetime) -> int:
    """Delete pictures stored before that moment which no row names; returns how many."""
    storage = storages["pictures"]
    old = (name for name in _names_in(storage, "") if storage.get_modified_time(name) < before)
    dropped = 0
    while names := list(islice(old, _AT_ONCE)):
        for name in set(names) - _named(names):
            # Asked once more: somebody may have sent this very picture meanwhile.
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
