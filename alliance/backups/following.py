"""Staying beside the portal: what was sent in the last hour is in no copy, but here."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connections

from alliance import processes
from alliance.backups import log
from alliance.backups.errors import BackupError
from alliance.backups.pool import Pool, named_files

PAUSE = 30  # seconds


def follow(folder: Path, besides: Callable[[], None]) -> None:
    """Keep the server's log and new files in `folder`, and call `besides`, until interrupted.

    Raises BackupError where it cannot go on; whoever watches over programs starts it again.
    """
    (folder / "log").mkdir(parents=True, exist_ok=True)
    receiver = log.start_following(folder)
    try:
        while True:
            Pool(folder).take_in(named_files())
            besides()
            connections.close_all()
            _wait(receiver)
    finally:
        if receiver is not None:
            processes.stop([receiver], signal.SIGINT, seconds=10)


def _wait(receiver: subprocess.Popen[bytes] | None) -> None:
    for _second in range(PAUSE):
        time.sleep(1)
        if receiver is not None and receiver.poll() is not None:
            raise BackupError("The log is not being kept; why stands in log/backup.log.")
