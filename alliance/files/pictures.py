"""Public pictures are ours: decoded in a bounded process, encoded afresh, without metadata."""

import hashlib
import io
import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages

from alliance.files.checks import (
    DAMAGED,
    TOO_MANY_PIXELS,
    NoRoom,
    PictureRefused,
    check_picture,
)
from alliance.files.child import OutOfTime, run_confined, slot
from alliance.files.sizes import KB

log = logging.getLogger(__name__)

CONTENT_TYPE = "image/webp"
# Twice as large as pages show it; with it a page still comes in 60 kB.
MAX_SIDE = 192
_LOSSLESS_UP_TO = 16 * KB
_WORKER = Path(__file__).with_name("picture_worker.py")


@dataclass(frozen=True)
class PublicPicture:
    """A picture that may be shown to anyone; sides in pixels, size in bytes."""

    path: Path
    width: int
    height: int
    size: int


def make_public_picture(
    source: Path | IO[bytes],
    target_without_extension: Path,
    max_side: int = MAX_SIDE,
    *,
    lossless_up_to: int = _LOSSLESS_UP_TO,
) -> PublicPicture:
    """Decode `source` whole and write it as WebP, at most `max_side` pixels long.

    Up to `lossless_up_to` bytes nothing is lost; what would take more is compressed further.
    The ending is added to the target. Takes the first frame, turns it upright, converts it to
    sRGB. Raises PictureRefused, worded for the sender, for whatever is not a sound PNG, JPEG or
    WebP within the limits of `checks`, ReadersBusy while too many are being read, NoRoom on a full
    disk; nothing is kept then.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return make_public_picture(
                stream, target_without_extension, max_side, lossless_up_to=lossless_up_to
            )
    check_picture(source)
    if isinstance(source, io.BytesIO):
        with tempfile.TemporaryFile() as file:
            file.write(source.getbuffer())
            return make_public_picture(
                file, target_without_extension, max_side, lossless_up_to=lossless_up_to
            )
    target = target_without_extension.with_name(target_without_extension.name + ".webp")
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as output, slot():
            width, height = _run_worker(source, output, max_side, lossless_up_to)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return PublicPicture(target, width, height, target.stat().st_size)


def store_public_picture(picture: IO[bytes] | File, suffix: str) -> str:
    """Copy a picture of ours into the public storage; returns its name there, with this ending.

    The name is made from the content, so the same picture is kept once; it is written again all
    the same, since its age says that a row may be about to name it.
    """
    content = picture.read()
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest[2:34]}{suffix}"
    storages["pictures"].save(name, ContentFile(content))
    return name


def _run_worker(
    source: IO[bytes], output: IO[bytes], max_side: int, lossless_up_to: int
) -> tuple[int, int]:
    """Run the worker on two open files; returns the sides of what it wrote."""
    try:
        answer = run_confined(
            _WORKER, str(max_side), str(lossless_up_to), source=source, output=output
        )
    except OutOfTime:
        raise PictureRefused(DAMAGED) from None
    try:
        verdict = json.loads(answer.said)
        if verdict.get("refused") == "room":
            raise NoRoom
        return verdict["width"], verdict["height"]
    except (ValueError, KeyError):
        if answer.said != b'{"refused": "damaged"}':
            log.warning("picture worker refused", extra={"exit": answer.status})
        is_large = answer.said == b'{"refused": "pixels"}'
        raise PictureRefused(TOO_MANY_PIXELS if is_large else DAMAGED) from None
