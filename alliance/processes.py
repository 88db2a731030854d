"""Starting other programs so that none of them outlives us.

The portal starts a database server, a web server and a worker. Whatever ends the process that
started them, a power switch or `kill -9` included, must end them as well: a forgotten server
would hold the port and the data that the next start needs.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(signum: signal.Signals, parent: int) -> None:
    """Ask the kernel to send us `signum` as soon as our parent ends.

    `parent` is the parent's process id as the caller knew it: should it have ended before we
    could ask, we send the signal to ourselves.
    """
    _libc.prctl(PR_SET_PDEATHSIG, int(signum))
    if os.getppid() != parent:
        os.kill(os.getpid(), signum)


def start(
    command: Sequence[str | Path],
    *,
    end_signal: signal.Signals,
    log: Path,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own; its output is appended to the file `log`.

    Ctrl-C in the terminal reaches us alone, so that we can stop things in order. When we end
    without having stopped it, the program gets `end_signal`. Call this from the main thread:
    the kernel counts the end of the calling thread as the end of the parent.
    """
    tie_to_us = partial(end_with_parent, end_signal, os.getpid())
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_us,  # noqa: PLW1509 - one system call, before any thread of ours
            **options,
        )


def stop(
    running: Sequence[subprocess.Popen[bytes]], *signals: signal.Signals, seconds: float
) -> None:
    """Send the signals one after the other, `seconds` apart, until all programs have ended."""
    for signum in (*signals, signal.SIGKILL):
        for process in running:
            if process.poll() is None:
                process.send_signal(signum)
        deadline = time.monotonic() + seconds
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
        if all(process.returncode is not None for process in running):
            return
