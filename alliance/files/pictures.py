"""Public pictures are ours: decoded in a bounded process, encoded afresh, without metadata."""

import fcntl
import hashlib
import io
import json
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import storages
from django.utils.translation import gettext_lazy as _

from alliance.files.checks import DAMAGED, TOO_MANY_PIXELS, PictureRefused, check_picture
from alliance.files.child import OutOfTime, run_confined
from alliance.models.upload import staging_folder

log = logging.getLogger(__name__)

CONTENT_TYPE = "image/webp"
MAX_SIDE = 1024
_WORKER = Path(__file__).with_name("picture_worker.py")
# Decoding at once, over all processes of this machine: it bounds what pictures take together.
_SLOTS = 2
_WAIT_SECONDS = 20

_BUSY = _("Too many pictures are being checked right now. Please try again in a minute.")


class DecodersBusy(PictureRefused):
    """No word on the picture itself: all places for decoding were taken for too long."""


@dataclass(frozen=True)
class PublicPicture:
    """A picture that may be shown to anyone; sides in pixels, size in bytes."""

    path: Path
    width: int
    height: int
    size: int


def make_public_picture(
    source: Path | IO[bytes], target_without_extension: Path, max_side: int = MAX_SIDE
) -> PublicPicture:
    """Decode `source` whole and write it as WebP, at most `max_side` pixels long.

    The ending is added to the target. Takes the first frame, turns it upright, converts it to
    sRGB. Raises PictureRefused, worded for the sender, for whatever is not a sound PNG, JPEG or
    WebP of at most 40 megapixels; nothing is written then.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return make_public_picture(stream, target_without_extension, max_side)
    check_picture(source)
    if isinstance(source, io.BytesIO):
        with tempfile.TemporaryFile() as file:
            file.write(source.getbuffer())
            return make_public_picture(file, target_without_extension, max_side)
    target = target_without_extension.with_name(target_without_extension.name + ".webp")
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as output, _slot():
            width, height = _run_worker(source, output, max_side)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return PublicPicture(target, width, height, target.stat().st_size)


def store_public_picture(path: Path) -> str:
    """Copy a picture of ours into the public storage; returns its name there.

    The name is made from the content, so the same picture is kept once.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = f"{digest[:2]}/{digest[2:34]}{path.suffix}"
        storage = storages["pictures"]
        if not storage.exists(name):
            file.seek(0)
            storage.save(name, File(file))
    return name


def _run_worker(source: IO[bytes], output: IO[bytes], max_side: int) -> tuple[int, int]:
    """Run the worker on two open files; returns the sides of what it wrote."""
    try:
        answer = run_confined(_WORKER, str(max_side), source=source, output=output)
    except OutOfTime:
        raise PictureRefused(DAMAGED) from None
    try:
        verdict = json.loads(answer.said)
        return verdict["width"], verdict["height"]
    except (ValueError, KeyError):
        if answer.said != b'{"refused": "damaged"}':
            log.warning("picture worker refused", extra={"exit": answer.status})
        is_large = answer.said == b'{"refused": "pixels"}'
        raise PictureRefused(TOO_MANY_PIXELS if is_large else DAMAGED) from None


@contextmanager
def _slot() -> Iterator[None]:
    """Hold one of the places for decoding; a place is a file lock, which dies with its holder."""
    deadline = time.monotonic() + _WAIT_SECONDS
    files = [(staging_folder() / f".decoding-{number}").open("wb") for number in range(_SLOTS)]
    try:
        while not any(_try_lock(file) for file in files):
            if time.monotonic() > deadline:
                raise DecodersBusy(_BUSY)
            time.sleep(0.05)
        yield
    finally:
        for file in files:
            file.close()


def _try_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
