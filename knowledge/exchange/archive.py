"""A ZIP archive with one table and its PDFs, as somebody sent it: hostile until it is looked at.

Nothing in it is believed: its directory is measured before it is read, no entry is unpacked to a
path, each is unpacked by itself and in pieces, and stops where its size says that it ends. The
sizes of all entries together are bounded beforehand. See APPNOTE.TXT 6.3.10 of PKWARE, section 4.
"""

import io
import posixpath
import re
import stat
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.files.checks import FileRefused
from alliance.files.sizes import MB
from alliance.models.upload import staging_folder
from knowledge.exchange.beside import NotThere
from knowledge.exchange.tables import MOST_BYTES
from knowledge.exchange.writing import TABLE

BEGINS = b"PK"
MOST_ENTRIES = 5_000
MOST_UNPACKED = 2_000 * MB
MOST_PDF = 200 * MB
_MOST_DIRECTORY = 4 * MB
# Text packs to a tenth, PDFs hardly; what unpacks to so many times its size is a bomb.
_MOST_RATIO, _RATIO_COUNTS_FROM = 200, 20 * MB
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_LOCKED, _UTF_8 = 0x41, 0x800  # flags: encrypted in one way or the other; the name is UTF-8
_PIECE = 256 * 1024
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What systems put beside what people meant to send.
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE)

_REFUSALS: dict[str, Promise] = {
    "damaged": gettext_lazy("This ZIP is damaged or not complete. Please make it again."),
    "large": gettext_lazy(
        "This ZIP unpacks to more than we take: 5,000 files, 2 GB together, 200 MB for a PDF and "
        "100 MB for the table. Please send it in parts."
    ),
    "locked": gettext_lazy(
        "This ZIP is locked with a password. Please make one without a password."
    ),
    "packed": gettext_lazy(
        "This ZIP is packed in a way that we do not read. Please make an ordinary ZIP."
    ),
    "path": gettext_lazy(
        "A file in this ZIP has a name that leads out of its folder. Please make the ZIP again."
    ),
    "link": gettext_lazy(
        "This ZIP has a link or a device in it, where files are expected. Please put the files "
        "themselves into it."
    ),
    "twice": gettext_lazy(
        "Two files in this ZIP have the same name. Please give each a name of its own."
    ),
    "excel": gettext_lazy(
        "This is an Excel file. Please save the sheet as “CSV UTF-8”, and send that."
    ),
    "no-table": gettext_lazy("There is no table in this ZIP: one file whose name ends with .csv."),
    "tables": gettext_lazy(
        "There are several tables in this ZIP. Please leave one, or call the right one reports.csv."
    ),
}


class Archive:
    """The entries by their names, seen from the folder in which the table lies."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises FileRefused, worded for the sender."""
        try:
            size = _check_end(file)
            self._zip = zipfile.ZipFile(file)
            self._entries = _entries(self._zip, size)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
            raise _refused("damaged") from None
        self._table = _table(self._entries)
        self._folder = posixpath.dirname(self._table)
        self._last: tuple[str, IO[bytes]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self._forget()
        self._zip.close()

    def table(self) -> bytes:
        """What the table holds. Raises FileRefused."""
        with tempfile.TemporaryFile(dir=staging_folder()) as file:
            self._unpack(self._entries[self._table], file)
            return file.read()

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The file of that name beside the table. Raises NotThere and FileRefused.

        The one asked for last is kept unpacked: a row asks for its file more than once.
        """
        path = _key(posixpath.normpath(posixpath.join(self._folder, name.replace("\\", "/"))))
        if path not in self._entries:
            raise NotThere(_("There is no such file in the ZIP: “%s”.") % name[:100])
        if self._last is None or self._last[0] != path:
            self._forget()
            file = tempfile.TemporaryFile(dir=staging_folder())  # noqa: SIM115 - kept for later
            self._last = path, file
            try:
                self._unpack(self._entries[path], file)
            except FileRefused:
                self._forget()
                raise
        self._last[1].seek(0)
        yield self._last[1]

    def _unpack(self, entry: zipfile.ZipInfo, target: IO[bytes]) -> None:
        """Piece by piece; the library stops at the size that was counted, and compares the sum."""
        try:
            with self._zip.open(entry) as source:
                while piece := source.read(_PIECE):
                    target.write(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error):
            raise _refused("damaged") from None
        target.seek(0)

    def _forget(self) -> None:
        if self._last is not None:
            self._last[1].close()
        self._last = None


def _check_end(file: IO[bytes]) -> int:
    """The size of the file in bytes, once its end record is bearable.

    `zipfile` by itself would take in a directory of any length.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
    tail = file.read()
    # As `zipfile` finds it, so that both read the same one.
    is_bare = tail[-_END_SIZE:].startswith(_END) and tail.endswith(b"\0\0")
    at = len(tail) - _END_SIZE if is_bare else tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise _refused("damaged")
    if tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR):
        raise _refused("large")  # ZIP64: the numbers that count stand elsewhere
    entries, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    if entries > MOST_ENTRIES or directory > _MOST_DIRECTORY:
        raise _refused("large")
    return size


def _entries(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The files by their names, without folders and litter. Raises FileRefused."""
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise _refused("large")
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    unpacked = packed = 0
    for info in infos:
        name = _safe_name(info)
        _check(info)
        if not 0 <= info.header_offset < size:
            raise _refused("damaged")
        if info.is_dir() or name.endswith("/") or _LITTER.search(name):
            continue
        key = _key(name)
        if key.casefold() in folded:
            raise _refused("twice")
        folded.add(key.casefold())
        found[key] = info
        unpacked, packed = unpacked + info.file_size, packed + info.compress_size
    if unpacked > MOST_UNPACKED:
        raise _refused("large")
    if unpacked > max(_RATIO_COUNTS_FROM, _MOST_RATIO * packed):
        raise _refused("large")
    return found


def _check(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & _LOCKED:
        raise _refused("locked")
    if info.compress_type not in _KINDS:
        raise _refused("packed")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused("link")
    if info.file_size > MOST_PDF:
        raise _refused("large")


def _safe_name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant, with slashes; one that leads elsewhere is refused.

    Windows and macOS write UTF-8 without saying so; what is no UTF-8 stays as the old standard
    reads it.
    """
    name = info.orig_filename
    if not info.flag_bits & _UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    name = name.replace("\\", "/")
    parts = name.split("/")
    is_absolute = name.startswith("/") or re.match(r"[A-Za-z]:", name)
    if is_absolute or ".." in parts or not name.isprintable():
        raise _refused("path")
    return name


def _key(name: str) -> str:
    """The same name however it was typed or composed: macOS takes letters and accents apart."""
    return unicodedata.normalize("NFC", posixpath.normpath(name))


def _table(entries: dict[str, zipfile.ZipInfo]) -> str:
    if "[Content_Types].xml" in entries:
        raise _refused("excel")
    tables = [name for name in entries if name.casefold().endswith(".csv")]
    named = [name for name in tables if posixpath.basename(name).casefold() == TABLE]
    if len(named) == 1:
        tables = named
    if len(tables) != 1:
        raise _refused("tables" if tables else "no-table")
    if entries[tables[0]].file_size > MOST_BYTES:
        raise _refused("large")
    return tables[0]


def _refused(code: str) -> FileRefused:
    return FileRefused(_REFUSALS[code])


def check_archive(path: Path) -> None:
    """Raise FileRefused for what is no archive with a table; nothing is unpacked."""
    with path.open("rb") as file, Archive(file):
        pass
