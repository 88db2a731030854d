"""What a file is, told from its bytes alone: neither its name nor the sender's word counts.

Only headers are read here, nothing is decoded; see `pictures` for that. Sources: PNG third
edition (W3C 2025) section 11.2.1, JPEG (ITU T.81) annex B, WebP (RFC 9649) section 2.
"""

import io
import re
import struct
from dataclasses import dataclass
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance.files.sizes import KB

NO_ROOM = _("There is no room for this file at the moment. Please try again later.")
MAX_PIXELS = 40_000_000
# Before its size a JPEG may carry profiles and previews; 64 KB each.
_MAX_JPEG_SEGMENTS = 500
_SCANNED_HEAD = 4 * KB
_SCANNED_TAIL = 66 * KB  # the end record of a ZIP archive lies no further from the end


class FileRefused(Exception):
    """A file that is not taken; `message` tells the sender why and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NoRoom(FileRefused):
    """No word on the file itself: the disk is full. The same may be tried again later."""

    def __init__(self) -> None:
        super().__init__(NO_ROOM)


class PictureRefused(FileRefused):
    """Not a picture that the portal takes."""


class PictureCut(PictureRefused):
    """The bytes end before the picture's size is told; more may still be on their way."""


@dataclass(frozen=True)
class PictureInfo:
    """What a picture says of itself; sizes in pixels."""

    content_type: str
    width: int
    height: int


NOT_A_PICTURE = _("This file is not a PNG, JPEG or WebP picture. Please choose another file.")
DAMAGED = _(
    "This picture is damaged or not complete. Please save it again on your computer, "
    "or choose another file."
)
TOO_MANY_PIXELS = _(
    "This picture has more than 40 megapixels. Please make it smaller and try again."
)
SOMETHING_ELSE_INSIDE_A_FILE = _(
    "This file contains another file, or is several files at once. Please save it again, or "
    "choose another file."
)
SOMETHING_ELSE_INSIDE = _(
    "This picture contains another file or program code. Please save it again as a new "
    "picture, or choose another file."
)

_OTHER_KIND = _(
    "This is a file of the kind %(kind)s. Please save it as PNG, JPEG or WebP, "
    "or choose another file."
)
_PROGRAM = _("This file is a program, not a picture. Please choose another file.")

_PNG = b"\x89PNG\r\n\x1a\n"
_OTHER_SIGNATURES = (
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"PK(\x03\x04|\x05\x06)"), "ZIP"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "BMP"),
    (re.compile(rb".{4}ftyp(heic|heix|hevc|mif1|msf1)", re.DOTALL), "HEIC"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "AVIF"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "MP4"),
    (re.compile(rb"8BPS"), "PSD"),
)
_PROGRAM_SIGNATURE = re.compile(rb"MZ|\x7fELF|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|#!")
# What a browser, a viewer or an archiver could take the same bytes for.
_ACTIVE_CONTENT = re.compile(
    rb"<(!doctype html|html|head|body|script|iframe|svg|object|embed|\?php)[\s>/]|%PDF-\d", re.I
)
_ZIP_END = b"PK\x05\x06"


def read_picture_info(stream: IO[bytes]) -> PictureInfo:
    """Kind and size of the picture in the seekable `stream`, from its header alone.

    Raises PictureCut where the bytes end too early, PictureRefused for whatever is no PNG,
    JPEG or WebP or has more than 40 megapixels.
    """
    stream.seek(0)
    head = stream.read(32)
    if head.startswith(_PNG):
        info = _read_png(head)
    elif head.startswith(b"\xff\xd8\xff"):
        info = _read_jpeg(stream)
    elif head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        info = _read_webp(head)
    else:
        stream.seek(0)
        raise PictureRefused(_name_other_kind(stream.read(_SCANNED_HEAD)))
    if not info.width or not info.height:
        raise PictureRefused(DAMAGED)
    if info.width * info.height > MAX_PIXELS:
        raise PictureRefused(TOO_MANY_PIXELS)
    return info


def check_head(head: bytes) -> PictureInfo | None:
    """Judge a picture by its first bytes, while the rest is on its way.

    Returns None while they do not suffice; raises PictureRefused as soon as they do.
    """
    if len(head) < 32:
        return None
    try:
        info = read_picture_info(io.BytesIO(head))
    except PictureCut:
        return None
    _refuse_active_content(head[:_SCANNED_HEAD])
    return info


def check_picture(stream: IO[bytes]) -> PictureInfo:
    """Judge a whole picture file by header, beginning and end; raises PictureRefused.

    Bytes behind the picture are common (phones put a film there) and vanish when it is encoded
    again; an archive or a page there is no accident.
    """
    info = read_picture_info(stream)
    stream.seek(0)
    _refuse_active_content(stream.read(_SCANNED_HEAD))
    tail = _tail(stream)
    _refuse_active_content(tail)
    if _ends_as_zip(tail):
        raise PictureRefused(SOMETHING_ELSE_INSIDE)
    return info


def check_tail(stream: IO[bytes]) -> None:
    """Raise FileRefused where an archiver would find an archive at the end of the file."""
    if _ends_as_zip(_tail(stream)):
        raise FileRefused(SOMETHING_ELSE_INSIDE_A_FILE)


def _tail(stream: IO[bytes]) -> bytes:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _SCANNED_TAIL))
    return stream.read(_SCANNED_TAIL)


def _refuse_active_content(part: bytes) -> None:
    if _ACTIVE_CONTENT.search(part):
        raise PictureRefused(SOMETHING_ELSE_INSIDE)


def _ends_as_zip(tail: bytes) -> bool:
    """Whether an archiver finds a ZIP archive: its end record, whole, with a directory."""
    at = tail.rfind(_ZIP_END)
    if at < 0 or at + 22 > len(tail):
        return False
    entries, directory_size = struct.unpack("<HI", tail[at + 10 : at + 16])
    return 46 * entries <= directory_size <= 2**31 and (entries > 0 or directory_size == 0)


def is_program(head: bytes) -> bool:
    return _PROGRAM_SIGNATURE.match(head) is not None


def other_kind(head: bytes) -> str:
    """The name of a kind that the portal does not take, as in "GIF"; empty where it is none known."""
    for signature, kind in _OTHER_SIGNATURES:
        if signature.match(head):
            return kind
    if re.search(rb"<svg[\s>]", head, re.I):
        return "SVG"
    return "HTML" if _ACTIVE_CONTENT.search(head) else ""


def _name_other_kind(head: bytes) -> Promise | str:
    """The refusal of a file that is no picture, naming its kind where that helps."""
    if is_program(head):
        return _PROGRAM
    kind = other_kind(head)
    return _OTHER_KIND % {"kind": kind} if kind else NOT_A_PICTURE


def _read_png(head: bytes) -> PictureInfo:
    if len(head) < 24:
        raise PictureCut(DAMAGED)
    if head[8:16] != b"\0\0\0\x0dIHDR":
        raise PictureRefused(DAMAGED)
    width, height = struct.unpack(">II", head[16:24])
    return PictureInfo("image/png", width, height)


def _read_jpeg(stream: IO[bytes]) -> PictureInfo:
    """Walk from segment to segment to the frame header (SOF), skipping what they hold."""
    at = 2
    for _segment in range(_MAX_JPEG_SEGMENTS):
        stream.seek(at)
        segment = stream.read(9)
        if len(segment) < 9:
            raise PictureCut(DAMAGED)
        if segment[0] != 0xFF:
            break
        marker = segment[1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", segment[5:9])
            return PictureInfo("image/jpeg", width, height)
        elif marker in (0x01, *range(0xD0, 0xD8)):  # markers without content
            at += 2
        elif marker in (0xD8, 0xD9, 0xDA):  # a beginning, an end or a scan before any size
            break
        else:
            at += 2 + max(2, struct.unpack(">H", segment[2:4])[0])
    raise PictureRefused(DAMAGED)


def _read_webp(head: bytes) -> PictureInfo:
    if len(head) < 30:
        raise PictureCut(DAMAGED)
    chunk = head[12:16]
    if chunk == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", head[26:30]))
    elif chunk == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        height = int.from_bytes(head[27:30], "little") + 1
    else:
        raise PictureRefused(DAMAGED)
    return PictureInfo("image/webp", width, height)
