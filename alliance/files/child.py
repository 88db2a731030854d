"""Programs that read one hostile file each: in a process of their own, bounded, with nothing else."""

import fcntl
import io
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from alliance.files.checks import FileRefused
from alliance.files.sizes import GB
from alliance.models.upload import staging_folder

log = logging.getLogger(__name__)

_MEMORY = 1 * GB  # address space; 40 megapixels of WebP take four copies of 160 MB
_CPU_SECONDS = 15
_WALL_SECONDS = 30
_LONGEST_ANSWER = 1000  # bytes
# Files read at once, over all processes of this machine: it bounds what they take together.
_SLOTS = 2
_WAIT_SECONDS = 20

_BUSY = _("Too many files are being checked right now. Please try again in a minute.")


class OutOfTime(Exception):
    """The program was stopped: no word came within twice the processor time that it may take."""


class ReadersBusy(FileRefused):
    """No word on the file itself: all places for reading were taken for too long."""


@dataclass(frozen=True)
class Answer:
    """What the program said on its standard error, and the status that it ended with."""

    said: bytes
    status: int


def run_confined(
    script: Path,
    *arguments: str,
    source: IO[bytes] | File,
    output: IO[bytes] | None = None,
    seconds: int | None = None,
) -> Answer:
    """Run a script of ours on an open file, in a bare interpreter without environment.

    Standard input is `source` from its beginning, standard output `output` (or nothing). Behind
    its own arguments the script is given the most bytes of memory and the most `seconds` of
    processor time (15 where nothing else is said), to which it confines itself. `source` is left at its beginning. Raises
    OutOfTime.
    """
    with on_this_machine(source) as file:
        return _run(script, *arguments, source=file, output=output, seconds=seconds)


def _run(
    script: Path,
    *arguments: str,
    source: IO[bytes] | File,
    output: IO[bytes] | None,
    seconds: int | None,
) -> Answer:
    _rewind(source)
    limits = [str(_MEMORY), str(seconds or _CPU_SECONDS)]
    with tempfile.TemporaryFile() as said:
        try:
            result = subprocess.run(
                [sys.executable, "-I", str(script), *arguments, *limits],
                stdin=source.fileno(),
                stdout=subprocess.DEVNULL if output is None else output,
                stderr=said,
                env={},
                cwd="/",
                start_new_session=True,
                timeout=2 * seconds if seconds else _WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("%s stopped: out of time", script.stem)
            raise OutOfTime from None
        finally:
            _rewind(source)
        said.seek(0)
        return Answer(said.read(_LONGEST_ANSWER), result.returncode)


@contextmanager
def on_this_machine(source: IO[bytes] | File) -> Iterator[IO[bytes]]:
    """The file, or a copy on this machine of one that is not: other processes can read that too."""
    try:
        source.fileno()
    except io.UnsupportedOperation:
        with tempfile.TemporaryFile(dir=staging_folder()) as copy:
            source.seek(0)
            shutil.copyfileobj(source, copy)
            yield copy
        source.seek(0)
    else:
        yield cast(IO[bytes], source)


def _rewind(source: IO[bytes] | File) -> None:
    """Go to the beginning, past what Python has buffered.

    The child moves the place in the file, which it shares with us, behind the buffer's back: a
    plain seek stays within the buffer, and what is read after its end comes from somewhere else.
    """
    source.seek(0, os.SEEK_END)
    source.seek(0)


def confined_verdict(script: Path, source: IO[bytes] | File) -> dict[str, Any]:
    """What a script says of the file, as a JSON object; empty where it came to no end.

    Waits for a place to read in: raises ReadersBusy.
    """
    try:
        with slot():
            answer = run_confined(script, source=source)
        verdict = json.loads(answer.said)
    except (OutOfTime, ValueError):
        log.warning("%s came to no end", script.stem)
        return {}
    return verdict if isinstance(verdict, dict) else {}


@contextmanager
def slot(kind: str = "decoding", places: int = _SLOTS) -> Iterator[None]:
    """Hold one of the places for reading; a place is a file lock, which dies with its holder.

    What takes long has places of another `kind`, so that nobody who sends a file waits for it.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    files = [(staging_folder() / f".{kind}-{number}").open("wb") for number in range(places)]
    try:
        while not any(_try_lock(file) for file in files):
            if time.monotonic() > deadline:
                raise ReadersBusy(_BUSY)
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
