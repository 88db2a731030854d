"""The log of the server, kept beside the copies as it is written: it leads to any moment.

A slot of the server keeps the log until we have it. Each slot has a folder of its own, with its
name: whenever the log goes on from somewhere else, after a restore or after a slot was lost, there
is a new one, and copies say to which they belong. What is copied into another folder has others.
"""

import re
import signal
import struct
import subprocess
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from alliance import processes
from alliance.backups.errors import BackupError
from alliance.backups.manifest import Base
from alliance.backups.programs import dsn, environment, program, replication_params, run

_SLOTS = """
    SELECT slot_name, coalesce(wal_status, '') IN ('lost', 'unreserved') FROM pg_replication_slots
    WHERE slot_name LIKE 'alliance\\_copy\\_%' ORDER BY slot_name
"""
_SEGMENT = re.compile(r"[0-9A-F]{24}")
SEGMENT = 16 * 2**20  # bytes of a file, as initdb chooses
_LONGEST_RECORD = 2**20
_PER_NUMBER = 2**32 // SEGMENT  # files that share the middle of their names


def followed(folder: Path) -> str:
    """The slot through which the log is being kept in `folder`; empty where it is not."""
    kept = (name for name, is_lost in _slots() if not is_lost and (folder / "log" / name).is_dir())
    return next(kept, "")


def start_following(folder: Path) -> subprocess.Popen[bytes] | None:
    """Keep the log in `folder` from now on, in a process of its own; None where we may not.

    Raises BackupError.
    """
    params = replication_params()
    if params is None:
        return None
    _make_sure_of_size()
    receiver = program("pg_receivewal")
    for slot, is_lost in _slots():
        if is_lost:
            run([receiver, "--drop-slot", f"--slot={slot}", "--no-password"], params=params)
    slot = followed(folder)
    if not slot:
        slot = f"alliance_copy_{timezone.now():%Y%m%d%H%M%S}"
        run([receiver, "--create-slot", f"--slot={slot}", "--no-password"], params=params)
    kept = folder / "log" / slot
    kept.mkdir(parents=True, exist_ok=True)
    said = settings.ALLIANCE_DATA / "log" / "backup.log"
    said.parent.mkdir(exist_ok=True)
    command: list[str | Path] = [
        receiver,
        "--directory",
        kept,
        f"--slot={slot}",
        "--no-password",
        "--no-loop",
    ]
    command += ["--synchronous", "--dbname", dsn(params)]
    return processes.start(command, end_signal=signal.SIGINT, log=said, env=environment(params))


def segments(folder: Path, base: Base) -> dict[str, Path]:
    """The files of the log from a copy of the server on, by name, without a gap.

    Raises BackupError, which names the first that is missing.
    """
    here = folder / "log" / base.log
    found = {
        path.name.removesuffix(".partial"): path
        for path in sorted(here.iterdir(), reverse=True)  # a whole file goes before its part
        if _SEGMENT.fullmatch(path.name.removesuffix(".partial"))
    }
    wanted = base.first_segment
    last = max(found, default="")
    while wanted <= last:
        if wanted not in found:
            raise BackupError(
                f"The log has a gap: {here / wanted} is missing, and nothing after it can be "
                f"brought back. An earlier moment can, and so can the copy itself, without --to."
            )
        wanted = _next(wanted)
    return {name: path for name, path in found.items() if name >= base.first_segment}


def goes_on_after(place: int, found: dict[str, Path]) -> bool:
    """Whether more was written to these files of the log than could be read up to this place.

    The last record may begin in one file, and its end, in the next, not have come here.
    """
    used = [name for name, path in found.items() if path.name == name or is_used(path)]
    return place + _LONGEST_RECORD < max(map(start_of, used), default=0)


def start_of(segment: str) -> int:
    """The place in the log with which the file of this name begins."""
    return int(segment[8:16], 16) * 2**32 + int(segment[16:24], 16) * SEGMENT


def is_used(path: Path) -> bool:
    """Whether something was written to this file of the log: it is made full of zeros."""
    with path.open("rb") as file:
        magic, _info, _timeline, place = struct.unpack("<HHIQ", file.read(16))
    return bool(magic) and place == start_of(path.name)


def drop_before(folder: Path, base: Base | None) -> None:
    """Delete the log that no copy from the one with this base on needs."""
    if base is None or not base.log:
        return
    for kept in (folder / "log").iterdir():
        for path in list(kept.iterdir()):
            if kept.name < base.log or (kept.name == base.log and path.name < base.first_segment):
                path.unlink()
        with suppress(OSError):  # there is more in it
            kept.rmdir()


def _slots() -> list[tuple[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_SLOTS)
        return list(cursor.fetchall())


def _make_sure_of_size() -> None:
    """A gap is found by the names of files, which follow from their size."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'wal_segment_size'")
        [size] = cursor.fetchone()
    if size != SEGMENT:
        raise BackupError(
            f"The server writes its log in files of {size} bytes, and only {SEGMENT} are understood."
        )


def _next(segment: str) -> str:
    """The name after this one; timelines do not change within a folder."""
    timeline, high, low = segment[:8], int(segment[8:16], 16), int(segment[16:], 16)
    high, low = (high, low + 1) if low + 1 < _PER_NUMBER else (high + 1, 0)
    return f"{timeline}{high:08X}{low:08X}"
