"""Asks the ClamAV daemon about one file at a time; whatever is not a plain answer is no answer.

Protocol: clamd(8), commands PING and INSTREAM with NUL as delimiter. Each command has a connection
of its own.
"""

import io
import re
import socket
import struct
import time
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import urlsplit

from alliance.files.sizes import KB

_CONNECT_SECONDS = 5
_PIECE = 64 * KB
_LONGEST_REPLY = 4 * KB
_FOUND = re.compile(r"stream: (.+) FOUND")
# With `AlertExceedsMax yes` these names say that the daemon gave up on a file, not that it is bad.
_GAVE_UP = "Heuristics.Limits.Exceeded"


class ScannerAway(Exception):
    """Nobody answered, or not in time, or the line broke: says nothing about the file."""


class NotJudged(Exception):
    """The daemon answered, but neither that the file is clean nor that it is not."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Verdict:
    """`found` is the daemon's name of what it found, empty for a clean file."""

    found: str

    @property
    def is_clean(self) -> bool:
        return not self.found


@dataclass(frozen=True)
class Clamd:
    """The daemon at a host and port, or at a Unix socket."""

    address: tuple[str, int] | str

    @classmethod
    def at(cls, url: str) -> Self:
        """As in `tcp://127.0.0.1:3310` or `unix:///run/clamav/clamd.ctl`; else ValueError."""
        parts = urlsplit(url)
        if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
            return cls(parts.path)
        if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
            return cls((parts.hostname, parts.port or 3310))
        raise ValueError(url)

    def ping(self) -> None:
        """Raise ScannerAway unless the daemon says within seconds that it is there."""
        with _Line(self.address, _CONNECT_SECONDS) as line:
            line.send(b"zPING\0")
            if (reply := line.reply()) != "PONG":
                raise ScannerAway(reply)

    def scan(self, file: Readable, seconds: float) -> Verdict:
        """Send the file from where it stands to its end; the whole takes `seconds` at most.

        Raises ScannerAway or NotJudged, whose words are the daemon's.
        """
        with _Line(self.address, seconds) as line:
            try:
                line.send(b"zINSTREAM\0")
                while piece := file.read(_PIECE):
                    line.send(struct.pack("!L", len(piece)) + piece)
                line.send(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has heard enough; what it said of that is still to be read
            return _judge(line.reply())

    def scan_bytes(self, content: bytes, seconds: float) -> Verdict:
        return self.scan(io.BytesIO(content), seconds)


def _judge(reply: str) -> Verdict:
    if reply == "stream: OK":
        return Verdict("")
    found = _FOUND.fullmatch(reply)
    if found is None or found[1].startswith(_GAVE_UP):
        raise NotJudged(reply)
    return Verdict(found[1])


class _Line:
    """A connection that lasts so many seconds, whatever is said on it."""

    def __init__(self, address: tuple[str, int] | str, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        patience = min(seconds, _CONNECT_SECONDS)
        try:
            if isinstance(address, str):
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.settimeout(patience)
                self.socket.connect(address)
            else:
                self.socket = socket.create_connection(address, patience)
        except OSError as error:
            raise ScannerAway(str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def send(self, content: bytes) -> None:
        try:
            self._wait_at_most()
            self.socket.sendall(content)
        except (BrokenPipeError, ConnectionResetError):
            raise
        except OSError as error:
            raise ScannerAway(str(error)) from error

    def reply(self) -> str:
        """The answer up to its end mark; ScannerAway where none comes whole."""
        reply = b""
        try:
            while not reply.endswith(b"\0"):
                self._wait_at_most()
                piece = self.socket.recv(_LONGEST_REPLY)
                if not piece or len(reply) > _LONGEST_REPLY:
                    raise ScannerAway("the answer was cut off")
                reply += piece
        except OSError as error:
            raise ScannerAway(str(error)) from error
        return reply[:-1].decode(errors="replace")

    def _wait_at_most(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        self.socket.settimeout(left)
