"""What one running copy of the portal must have for itself: its data folder and its port."""

import errno
import fcntl
import os
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from django.core.management.base import CommandError


class DataFolder:
    """A claim on a data folder, held while in the `with` block.

    The kernel lets go of it when its holder ends, however that happens. One that is stopping is
    waited for; beside one that runs, entering raises CommandError.
    """

    PATIENCE = 2  # seconds for a holder that runs: it may have been asked to stop just now
    PATIENCE_WITH_END = 40  # seconds for one that says it is stopping

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "serve.lock"
        self._is_held = False

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = self._path.open("a+")
        except OSError as error:
            raise CommandError(
                f"The portal cannot write to {self.folder} ({error.strerror}). "
                f"Keep its data elsewhere: ALLIANCE_DATA=folder make serve"
            ) from error
        began = time.monotonic()
        while not self._acquire():
            holder = self._path.read_text().strip()
            patience = self.PATIENCE_WITH_END if "stopping" in holder else self.PATIENCE
            if time.monotonic() > began + patience:
                self._lock.close()
                raise CommandError(
                    f"The portal already runs from {self.folder} (process {holder}). A second "
                    f"copy needs a port and a folder: PORT=8001 ALLIANCE_DATA=folder make serve"
                )
            time.sleep(0.1)
        self._is_held = True
        self._path.write_text(str(os.getpid()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.close()

    def announce_end(self) -> None:
        """Tell a start that waits for the folder that it will be free soon."""
        if self._is_held:
            self._path.write_text(f"{os.getpid()}, stopping")

    def _acquire(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def make_sure_of_ports(addresses: list[str], patience: float = 5) -> None:
    """Find each address (host:port) free, or raise CommandError with what to do.

    A port that a copy which ended still lets go of is waited for, `patience` seconds.
    """
    deadline = time.monotonic() + patience
    for address in addresses:
        port = int(address.rpartition(":")[2])
        while (refusal := _refusal(address)) == errno.EADDRINUSE and time.monotonic() < deadline:
            time.sleep(0.2)
        if refusal == errno.EACCES:
            raise CommandError(f"Port {port} is kept for root. Try another: PORT=8001 make serve")
        if refusal:
            raise CommandError(
                f"Port {port} cannot be used ({os.strerror(refusal)}). "
                f"Choose another: PORT={port + 1} make serve"
            )


def _refusal(address: str) -> int:
    """The error number that keeps us from listening at `address`; 0 if nothing does."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            return error.errno or errno.EINVAL
    return 0
