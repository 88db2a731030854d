"""A real clamd on loopback for the tests, which knows nothing but the EICAR test file."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import pytest

from alliance.files.clamd import Clamd, ScannerAway

HINT = "no clamd for the tests of scanning; get it with: apt-get install clamav-daemon"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Test.Eicar.UNOFFICIAL"


def clamd_path() -> str:
    """The program; without it the test is skipped, and fails in CI."""
    path = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(HINT)
    if path is None:
        pytest.skip(HINT)
    return path


class RunningClamd:
    """The daemon, at a Unix socket in a folder of its own; started and stopped at will."""

    def __init__(self, **options: str) -> None:
        self.program = clamd_path()
        self.folder = Path(tempfile.mkdtemp(prefix="clamd"))
        self.socket = self.folder / "socket"
        (self.folder / "signatures").mkdir()
        self.learn("Test.Eicar", EICAR)
        lines = {
            "DatabaseDirectory": str(self.folder / "signatures"),
            "TemporaryDirectory": str(self.folder),
            "LocalSocket": str(self.socket),
            "Foreground": "yes",
            "AlertExceedsMax": "yes",
        } | options
        config = "".join(f"{name} {value}\n" for name, value in lines.items())
        (self.folder / "clamd.conf").write_text(config)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def learn(self, name: str, content: bytes) -> None:
        """Have it find `content` wherever it stands, from its next start on."""
        (self.folder / "signatures" / "test.ndb").write_text(f"{name}:0:*:{content.hex()}\n")

    def start(self) -> Self:
        self.process = subprocess.Popen(
            [self.program, "--config-file", str(self.folder / "clamd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                Clamd.at(self.url).ping()
            except ScannerAway:
                assert self.process.poll() is None, "clamd ended while starting"
                assert time.monotonic() < deadline, "clamd does not come up"
                time.sleep(0.05)
            else:
                return self

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """At once, in the middle of whatever it does."""
        if self.process is not None:
            self._signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.socket.unlink(missing_ok=True)

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)


@contextmanager
def running_clamd(**options: str) -> Iterator[RunningClamd]:
    """`options` are lines of clamd.conf."""
    clamd = RunningClamd(**options)
    try:
        yield clamd.start()
    finally:
        clamd.end()


class BadLine:
    """Stands between us and a daemon, on TCP, and breaks the line after so many bytes.

    `up` counts what we send and `down` what it answers, both in every connection; None lets
    everything pass.
    """

    def __init__(self, target: Path, up: int | None = None, down: int | None = None) -> None:
        self.target, self.up, self.down = target, up, down
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self.listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self.target))
                for source, sink, most in ((near, far, self.up), (far, near, self.down)):
                    threading.Thread(
                        target=_pass_on, args=[source, sink, most], daemon=True
                    ).start()


def _pass_on(source: socket.socket, sink: socket.socket, most: int | None) -> None:
    """Hand on at most so many bytes, then hang up on both."""
    passed = 0
    with suppress(OSError):
        while piece := source.recv(2**16):
            if most is not None and passed + len(piece) > most:
                sink.sendall(piece[: most - passed])
                break
            sink.sendall(piece)
            passed += len(piece)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
