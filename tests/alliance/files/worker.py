"""Runs the picture worker by itself, past the checks before it, and measures it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alliance.files import picture_worker


@dataclass(frozen=True)
class Decoding:
    answer: dict[str, Any]
    seconds: float  # of processor time
    memory: int  # in bytes, at its highest


# A process counts the memory of the one it was forked from, and the tests' own is large: so a
# small one starts the worker and measures it.
_MEASURE = """
import os, subprocess, sys
with open(sys.argv[1], "rb") as source:
    worker = subprocess.Popen(sys.argv[2:], stdin=source, stdout=subprocess.DEVNULL)
    usage = os.wait4(worker.pid, 0)[2]
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def decode(content: bytes, folder: Path, memory_limit: int = 2**30) -> Decoding:
    source = folder / "source"
    source.write_bytes(content)
    worker = [
        sys.executable,
        "-I",
        picture_worker.__file__,
        "1024",
        "1024",
        str(memory_limit),
        "15",
    ]
    result = subprocess.run(
        [sys.executable, "-I", "-c", _MEASURE, source, *worker],
        capture_output=True,
        check=True,
        text=True,
    )
    seconds, kilobytes = result.stdout.split()
    return Decoding(json.loads(result.stderr), float(seconds), int(kilobytes) * 1024)
