"""How slowly a request may come. Knows nothing of Django: the web server's settings import it."""

import time
from socket import socket
from typing import Any

# What a slow line may lose at the beginning, and what it must reach on the whole.
GRACE = 60  # seconds
LEAST_RATE = 2_000  # bytes a second


class Paced:
    """A connection from which the body of one request is read, at a least rate on the whole.

    Whoever sends a byte now and then is never silent, and would keep a thread for ever. Only the
    time counts that is spent waiting for the sender. Too late is a TimeoutError, as for silence.
    """

    def __init__(self, connection: socket) -> None:
        self.connection = connection
        self.waited = 0.0  # seconds
        self.arrived = 0  # bytes

    def recv(self, size: int) -> bytes:
        left = GRACE + self.arrived / LEAST_RATE - self.waited
        if left <= 0:
            raise TimeoutError("the request comes too slowly")
        silence = self.connection.gettimeout()
        begun = time.monotonic()
        self.connection.settimeout(left if silence is None else min(left, silence))
        try:
            data = self.connection.recv(size)
        finally:
            self.connection.settimeout(silence)
            self.waited += time.monotonic() - begun
        self.arrived += len(data)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def pace(request: Any) -> None:
    """Let the body of gunicorn's `request` be read at that rate; begins anew with each request."""
    unreader = request.unreader
    unreader.sock = Paced(getattr(unreader.sock, "connection", unreader.sock))
