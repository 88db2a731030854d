"""Files that are kept as they were sent: from staging into the private storage, and out again."""

from typing import Any, TypeVar

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import models, transaction
from django.utils import timezone

from alliance.files import staging
from alliance.files.names import ENDINGS
from alliance.models import ScannedFile, StagedUpload

Kept = TypeVar("Kept", bound=ScannedFile)


def keep_privately(
    model: type[Kept], upload: StagedUpload, *, by: models.Model | None, **fields: Any
) -> Kept:
    """Move a waiting document into the private storage; returns its saved row, due for a scan.

    `fields` are those that `model` has besides. Runs in the caller's transaction; of two callers
    one gets ActionRefused.
    """
    staging.take(upload)
    with upload.open() as file:
        ending = ENDINGS[upload.content_type]
        name = storages["private"].save(f"{model.FOLDER}/document{ending}", File(file))
    transaction.on_commit(lambda: upload.file_path.unlink(missing_ok=True))
    is_scanned = bool(settings.CLAMD_URL)
    return model._default_manager.create(
        name=upload.name,
        file=name,
        size=upload.size,
        sha256=upload.sha256,
        content_type=upload.content_type,
        scan=model.Scan.WAITING if is_scanned else model.Scan.NOT_SCANNED,
        scan_due_at=timezone.now() if is_scanned else None,
        added_by_id=by.pk if by is not None else None,
        **fields,
    )


def throw_away(kept: ScannedFile) -> None:
    """Delete the row, and its file as soon as the caller's transaction is through."""
    name = str(kept.file.name)
    kept.delete()
    transaction.on_commit(lambda: storages["private"].delete(name))
