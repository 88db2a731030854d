"""A line between the portal and a server that it needs, which fails as it is told to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_PIECE = 2**16


class FaultyLine:
    """Listens on loopback and hands everything on to `target`: a port of loopback or a Unix socket.

    What it does may be changed at any time, and holds for the lines that are open as well:

    - `refuse()`: nobody listens, and what was open is reset.
    - `stall()`: whoever comes is let in and hears nothing; what was open goes silent.
    - `cut(up=…, down=…)`: each new line ends after so many bytes of ours, or of the answers.
    - `mend()`: everything passes. Lines that were stalled go on where they were.

    `lines` counts those that were opened so far.
    """

    def __init__(self, target: int | Path) -> None:
        self._target = target
        self._open: set[socket.socket] = set()
        self._flows = threading.Event()
        self._flows.set()
        self._most: tuple[int | None, int | None] = (None, None)
        self.lines = 0
        self.port = 0
        self._listener: socket.socket | None = None
        self.mend()

    def refuse(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):  # wakes whoever waits in accept
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self._reset_all()

    def stall(self) -> None:
        self._flows.clear()
        self._listen()

    def cut(self, *, up: int | None = None, down: int | None = None) -> None:
        """What was open already is cut at once: it has had its bytes."""
        self._most = (up, down)
        self._reset_all()

    def mend(self) -> None:
        self._most = (None, None)
        self._flows.set()
        self._listen()

    def close(self) -> None:
        self.refuse()
        self._flows.set()

    def _listen(self) -> None:
        if self._listener is not None:
            return
        listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        self._listener = listener
        self.port = listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                self.lines += 1
                threading.Thread(target=self._join, args=[near], daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        self._open.add(near)
        self._flows.wait()
        far = socket.socket(socket.AF_INET if isinstance(self._target, int) else socket.AF_UNIX)
        address: Any = self._target
        try:
            far.connect(("127.0.0.1", address) if isinstance(address, int) else str(address))
        except OSError:
            near.close()
            return
        self._open.add(far)
        up, down = self._most
        for source, sink, most in ((near, far, up), (far, near, down)):
            threading.Thread(target=self._pass_on, args=[source, sink, most], daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, most: int | None) -> None:
        passed = 0
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._flows.wait()
                if most is not None and passed + len(piece) > most:
                    sink.sendall(piece[: most - passed])
                    break
                sink.sendall(piece)
                passed += len(piece)
        for end in (source, sink):
            self._open.discard(end)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _reset_all(self) -> None:
        for line in list(self._open):
            self._open.discard(line)
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@contextmanager
def faulty_line(target: int | Path) -> Iterator[FaultyLine]:
    line = FaultyLine(target)
    try:
        yield line
    finally:
        line.close()
