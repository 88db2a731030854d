"""Files that are kept as they were sent: from staging into the private storage, and out again."""

from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import models, transaction
from django.utils import timezone

from alliance.files import staging
from alliance.files.names import ENDINGS
from alliance.models import ScannedFile, StagedUpload
from alliance.models.scanned_file import scanned_models

Kept = TypeVar("Kept", bound=ScannedFile)

_SWEPT = "alliance.files.keeping.swept"
_SWEPT_EVERY = timedelta(hours=1)
# Longer than any transaction: a large table of reports is taken over in one.
_ORPHAN_AFTER = timedelta(days=1)


def keep_privately(
    model: type[Kept], upload: StagedUpload, *, by: models.Model | None, **fields: Any
) -> Kept:
    """Move a waiting document into the private storage; returns its saved row, due for a scan.

    `fields` are those that `model` has besides. Runs in the caller's transaction; of two callers
    one gets ActionRefused.
    """
    staging.take(upload)
    with upload.open() as file:
        kept = store_privately(
            model,
            file,
            name=upload.name,
            size=upload.size,
            sha256=upload.sha256,
            content_type=upload.content_type,
            by=by,
            **fields,
        )
    staging.drop_later(upload)
    return kept


def store_privately(
    model: type[Kept],
    file: IO[bytes] | File,
    *,
    content_type: str,
    by: models.Model | None,
    **fields: Any,
) -> Kept:
    """Copy `file` into the private storage; returns its saved row, due for a scan.

    `fields` are `name`, `size`, `sha256`, and those that `model` has besides.
    """
    is_scanned = bool(settings.CLAMD_URL)
    kept = model(
        content_type=content_type,
        scan=model.Scan.WAITING if is_scanned else model.Scan.NOT_SCANNED,
        scan_due_at=timezone.now() if is_scanned else None,
        added_by_id=by.pk if by is not None else None,
        **fields,
    )
    file.seek(0)
    kept.file.save(f"{model.FOLDER}/document{ENDINGS[content_type]}", File(file))
    return kept


def throw_away(kept: ScannedFile) -> None:
    """Delete the row, and its file as soon as the caller's transaction is through."""
    name = str(kept.file.name)
    kept.delete()
    transaction.on_commit(lambda: storages["private"].delete(name), robust=True)


def drop_with_files(rows: models.QuerySet[Any]) -> int:
    """Delete rows and, once that is certain, the private `file` of each; returns how many rows."""
    files = list(rows.values_list("file", flat=True))
    deleted, _by_model = rows.delete()
    for name in filter(None, files):
        # Where it fails the row is gone all the same: the sweep finds the file.
        transaction.on_commit(partial(storages["private"].delete, name), robust=True)
    return deleted


def sweep_private_files() -> int:
    """Once an hour, delete private files that lost their row; returns how many went.

    A file is written before its row is committed and deleted after that is gone, so either may be
    lost in between; younger ones may just be getting theirs.
    """
    if not cache.add(_SWEPT, "done", timeout=_SWEPT_EVERY.total_seconds()):
        return 0
    before = timezone.now() - _ORPHAN_AFTER
    return sum(drop_files_without_row(model, model.FOLDER, before) for model in scanned_models())


def drop_files_without_row(model: type[models.Model], folder: str, before: datetime) -> int:
    """Delete what was written to `folder` before that moment and no `file` names; returns how many.

    A file is written before its row says so: younger ones may just be getting theirs.
    """
    storage = storages["private"]
    try:
        names = {f"{folder}/{name}" for name in storage.listdir(folder)[1]}
    except FileNotFoundError:  # there has been none yet
        return 0
    known = model._default_manager.filter(file__startswith=f"{folder}/")
    orphans = [
        name
        for name in names.difference(known.values_list("file", flat=True))
        if storage.get_modified_time(name) < before
    ]
    for name in orphans:
        storage.delete(name)
    return len(orphans)
