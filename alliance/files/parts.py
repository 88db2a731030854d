"""Where the bytes of an upload are that arrives in parts, until it is finished.

On one machine they are gathered in a file of the staging folder. Machines that share a bucket put
each part there as an object of its own, since objects cannot be added to, with a row that says where
it belongs; whoever finishes the upload puts them together. See ADR 0070.
"""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, Protocol

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.http import UnreadablePostError

from alliance.exceptions import ServiceAway
from alliance.files.sizes import KB
from alliance.models.upload import (
    PartialUpload,
    PartialUploadQuerySet,
    UploadPart,
    staging_folder,
)

_PIECE = 64 * KB  # what has come of one when the line breaks is lost
_COPIED = 256 * KB


class Readable(Protocol):
    """A request's body, or a file."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Written:
    """What arrived of a part, in bytes, and the name of its object if it has one."""

    size: int
    path: str = ""


class Parts(Protocol):
    """Keeps the parts of uploads. Raises FileNotFoundError for what is gone, OSError on a full disk."""

    def begin(self, upload: PartialUpload) -> None: ...

    def write(self, upload: PartialUpload, part: Readable, offset: int, length: int) -> Written:
        """Keep what comes of the part before it ends or the line breaks."""

    def note(self, upload: PartialUpload, offset: int, written: Written) -> None:
        """In the transaction that moves the upload's offset: these bytes count."""

    def drop(self, written: Written) -> None:
        """These bytes do not count: others were there first."""

    def head(self, upload: PartialUpload, most: int) -> bytes: ...

    def whole(self, upload: PartialUpload) -> AbstractContextManager[IO[bytes]]:
        """All bytes, as a file of this machine."""

    def drop_later(self, upload: PartialUpload) -> None:
        """Delete all parts once the caller's transaction is through; a sweep finds what is left."""


class _InFolder:
    """In one file, each part in its place."""

    def begin(self, upload: PartialUpload) -> None:
        upload.file_path.touch(mode=0o600)

    def write(self, upload: PartialUpload, part: Readable, offset: int, length: int) -> Written:
        with upload.file_path.open("r+b") as file:
            file.seek(offset)
            return Written(_copy(part, file, length))

    def note(self, upload: PartialUpload, offset: int, written: Written) -> None:
        pass

    def drop(self, written: Written) -> None:
        pass

    def head(self, upload: PartialUpload, most: int) -> bytes:
        with upload.file_path.open("rb") as file:
            return file.read(most)

    @contextmanager
    def whole(self, upload: PartialUpload) -> Iterator[IO[bytes]]:
        with upload.file_path.open("rb") as file:
            yield file

    def drop_later(self, upload: PartialUpload) -> None:
        transaction.on_commit(partial(upload.file_path.unlink, missing_ok=True), robust=True)


class _InBucket:
    """Each by itself, under a name that nobody guesses and that is never used again."""

    def begin(self, upload: PartialUpload) -> None:
        pass

    def write(self, upload: PartialUpload, part: Readable, offset: int, length: int) -> Written:
        with tempfile.TemporaryFile(dir=staging_folder()) as file:
            if not (size := _copy(part, file, length)):
                return Written(0)
            return Written(size, storages["staging"].save(uuid.uuid4().hex, File(file)))

    def note(self, upload: PartialUpload, offset: int, written: Written) -> None:
        if written.size:
            UploadPart.objects.create(
                upload=upload, offset=offset, size=written.size, path=written.path
            )

    def drop(self, written: Written) -> None:
        with suppress(ServiceAway):
            if written.size:
                storages["staging"].delete(written.path)

    def head(self, upload: PartialUpload, most: int) -> bytes:
        head = b""
        for part in upload.parts.filter(offset__lt=most).order_by("offset"):
            with storages["staging"].open(part.path) as file:
                head += file.read(most - len(head))
        return head

    @contextmanager
    def whole(self, upload: PartialUpload) -> Iterator[IO[bytes]]:
        with tempfile.TemporaryFile(dir=staging_folder()) as file:
            for part in upload.parts.order_by("offset"):
                with storages["staging"].open(part.path) as piece:
                    shutil.copyfileobj(piece, file, _COPIED)
                if file.tell() != part.offset + part.size:
                    raise FileNotFoundError(part.path)
            if file.tell() != upload.offset:
                raise FileNotFoundError(upload.pk)
            file.seek(0)
            yield file

    def drop_later(self, upload: PartialUpload) -> None:
        for path in upload.parts.values_list("path", flat=True):
            transaction.on_commit(partial(storages["staging"].delete, path), robust=True)
        upload.parts.all().delete()


def parts() -> Parts:
    return _InBucket() if settings.FILES_URL else _InFolder()


@transaction.atomic
def forget(upload: PartialUpload, among: PartialUploadQuerySet) -> bool:
    """Delete the upload and what was sent of it, if it is still one of these; says whether."""
    # Locked, so that no part is added meanwhile whose object nobody would know of.
    row = among.select_for_update(of=("self",)).filter(pk=upload.pk).first()
    if row is None:
        return False
    parts().drop_later(row)
    row.delete()
    return True


def _copy(part: Readable, file: IO[bytes], length: int) -> int:
    """Write what comes; returns how many bytes that was before the part ended or the line broke."""
    arrived = 0
    while arrived < length:
        try:
            piece = part.read(min(_PIECE, length - arrived))
        except UnreadablePostError:
            break
        if not piece:
            break
        file.write(piece)
        arrived += len(piece)
    return arrived
