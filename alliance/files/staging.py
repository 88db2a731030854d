"""Files that wait for their form: kept under a token, taken once, swept after a day."""

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Protocol, cast

from django.conf import settings
from django.core import signing
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import turned_away
from alliance.exceptions import ActionRefused
from alliance.files.parts import forget
from alliance.files.pictures import CONTENT_TYPE, make_public_picture, store_public_picture
from alliance.files.storage import StagingFolder
from alliance.models.upload import PartialUpload, StagedUpload, UploadPart, staging_folder

_SALT = "alliance.files.held"
_MAX_NAME = 150
# A file is written before its row: younger ones may just be getting theirs.
_ORPHAN_AFTER = timedelta(hours=1)
# What only says which places for reading files are taken (see `child`).
_PLACES = ".decoding-"


class Staging(Protocol):
    """What the storage `staging` does besides."""

    def take_in(self, path: Path) -> None: ...


def new_path() -> Path:
    """A free place in the staging folder of this machine, with a name that nobody guesses."""
    return staging_folder() / uuid.uuid4().hex


def hold(
    path: Path,
    purpose: str,
    *,
    name: str,
    sent_size: int,
    content_type: str,
    uploaded_by: int | None = None,
) -> StagedUpload:
    """Keep the checked file at `path`, a `new_path`, until its form is complete.

    It goes to where every machine finds it; `path` is not there any more then. `purpose` says what it may be used for; `name` and `sent_size` (bytes) are shown to its sender.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    cast(Staging, storages["staging"]).take_in(path)
    return StagedUpload.objects.create(
        purpose=purpose,
        name=clean_name(name),
        sent_size=sent_size,
        path=path.name,
        size=size,
        sha256=digest,
        content_type=content_type,
        uploaded_by=uploaded_by,
    )


def keep_picture(
    source: IO[bytes],
    purpose: str,
    *,
    max_side: int,
    name: str,
    sent_size: int,
    uploaded_by: int | None = None,
) -> StagedUpload:
    """Hold our own picture of the one in `source`; raises PictureRefused, worded for its sender."""
    picture = make_public_picture(source, new_path(), max_side)
    return hold(
        picture.path,
        purpose,
        name=name,
        sent_size=sent_size,
        content_type=CONTENT_TYPE,
        uploaded_by=uploaded_by,
    )


def token_for(upload: StagedUpload) -> str:
    """What a form carries in place of the file; names it to whoever has it, for one purpose."""
    return signing.dumps([upload.uuid.hex, upload.purpose], salt=_SALT)


def claim(token: str, purpose: str) -> StagedUpload | None:
    """The waiting file that `token` names; None if it is forged, too old, used or gone."""
    try:
        named, named_purpose = signing.loads(token, salt=_SALT, max_age=StagedUpload.KEPT_FOR)
    except (signing.BadSignature, ValueError) as error:  # ValueError: letters that no encoding has
        turned_away.note_signature("file", error)
        return None
    if named_purpose != purpose:
        return None
    upload = StagedUpload.objects.waiting().filter(uuid=named, purpose=purpose).first()
    return upload if upload is not None and upload.is_there() else None


def discard(upload: StagedUpload) -> None:
    """Forget a waiting file that its sender removed or replaced."""
    StagedUpload.objects.filter(pk=upload.pk).delete()
    drop_later(upload)


def drop_later(upload: StagedUpload) -> None:
    """Delete the file once the caller's transaction is through; where it fails, a sweep finds it."""
    transaction.on_commit(upload.drop, robust=True)


def take(upload: StagedUpload) -> None:
    """Use a waiting file, once: of two callers one gets ActionRefused. The file is still there."""
    now = timezone.now()
    taken = StagedUpload.objects.waiting().filter(pk=upload.pk).update(consumed_at=now)
    if not taken:
        raise ActionRefused(_("This file was used already. Please choose it again."))
    upload.consumed_at = now


def publish(upload: StagedUpload) -> str:
    """Move a waiting picture into the public storage; returns its name there.

    Runs in the caller's transaction; of two callers one gets ActionRefused.
    """
    take(upload)
    with upload.open() as picture:
        name = store_public_picture(picture, Path(upload.path).suffix)
    drop_later(upload)
    return name


def clean_name(name: str) -> str:
    """The sender's file name, fit to be shown: one line, no tricks with direction, 150 letters."""
    plain = "".join(
        letter for letter in name if unicodedata.category(letter)[0] != "C" and letter not in "/\\"
    )
    plain = " ".join(plain.split()) or "file"
    if len(plain) <= _MAX_NAME:
        return plain
    ending = Path(plain).suffix[:10]
    return plain[: _MAX_NAME - len(ending)] + ending


def sweep_staging() -> int:
    """Remove what nobody came back for; returns how many rows and files went.

    That is: rows older than a day with their files, rows whose file is gone, files without a row,
    uploads that stopped half-way six hours ago.
    Safe to run at any time and by several workers at once.
    """
    removed = 0
    for upload in StagedUpload.objects.left_over().iterator():
        discard(upload)
        removed += 1
    for part in PartialUpload.objects.left_over():
        removed += forget(part, PartialUpload.objects.left_over())
    names = set(storages["staging"].listdir("")[1])
    return removed + _sweep_lost(names) + _sweep_orphans(names)


def _sweep_lost(names: set[str]) -> int:
    """Rows whose file is gone. What a bucket lists may be behind what it holds, so each is asked for."""
    removed = 0
    for upload in StagedUpload.objects.waiting().iterator():
        if upload.path not in names and not upload.is_there():
            discard(upload)
            removed += 1
    return removed


def _sweep_orphans(names: set[str]) -> int:
    known = set(StagedUpload.objects.waiting().values_list("path", flat=True))
    known |= set(UploadPart.objects.values_list("path", flat=True))
    known |= {part.file_path.name for part in PartialUpload.objects.unfinished()}
    removed = _drop_old(storages["staging"], names - known)
    if settings.FILES_URL:  # what a process that was killed has left on this machine
        folder = StagingFolder()
        removed += _drop_old(folder, folder.listdir("")[1])
    return removed


def _drop_old(storage: Storage, names: Iterable[str]) -> int:
    before, removed = timezone.now() - _ORPHAN_AFTER, 0
    for name in names:
        with suppress(FileNotFoundError):  # somebody else was faster
            if not name.startswith(_PLACES) and storage.get_modified_time(name) < before:
                storage.delete(name)
                removed += 1
    return removed
