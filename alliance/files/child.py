"""Programs that read one hostile file each: in a process of their own, bounded, with nothing else."""

import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import File

from alliance.files.sizes import GB

log = logging.getLogger(__name__)

_MEMORY = 1 * GB  # address space; 40 megapixels of WebP take four copies of 160 MB
_CPU_SECONDS = 15
_WALL_SECONDS = 30
_LONGEST_ANSWER = 1000  # bytes


class OutOfTime(Exception):
    """The program was stopped: no word came within 30 seconds."""


@dataclass(frozen=True)
class Answer:
    """What the program said on its standard error, and the status that it ended with."""

    said: bytes
    status: int


def run_confined(
    script: Path, *arguments: str, source: IO[bytes] | File, output: IO[bytes] | None = None
) -> Answer:
    """Run a script of ours on an open file, in a bare interpreter without environment.

    Standard input is `source` from its beginning, standard output `output` (or nothing). Behind
    its own arguments the script is given the most bytes of memory and the most seconds of
    processor time, to which it confines itself. Raises OutOfTime.
    """
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    limits = [str(_MEMORY), str(_CPU_SECONDS)]
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
                timeout=_WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("%s stopped: out of time", script.stem)
            raise OutOfTime from None
        said.seek(0)
        return Answer(said.read(_LONGEST_ANSWER), result.returncode)
