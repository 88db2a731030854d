"""How slowly the body of a request may come: read by gunicorn's own parser, from a socket."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser

from alliance import gunicorn_conf, pace


@contextmanager
def body_of(size: int, piece: int) -> Iterator[RequestParser]:
    """A request whose body comes in such pieces, ten in a second."""
    ours, theirs = socket.socketpair()
    head = f"POST /register/ HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n"
    stopping = threading.Event()

    def drip() -> None:
        theirs.sendall(head.encode())
        for at in range(0, size, piece):
            if stopping.wait(0.1):
                return
            theirs.sendall(b"x" * min(piece, size - at))

    with ours, theirs:
        sending = threading.Thread(target=drip)
        sending.start()
        try:
            yield RequestParser(Config(), ours, ("127.0.0.1", 1))
        finally:
            stopping.set()
            sending.join()


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "GRACE", 0.5)


def test_who_sends_a_byte_now_and_then_is_hung_up_on() -> None:
    with body_of(size=20, piece=1) as parser:
        request = next(parser)
        gunicorn_conf.pre_request(None, request)
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            request.body.read(20)
        assert time.monotonic() - begun < 1.5


def test_slow_and_honest_line_is_read_to_its_end() -> None:
    with body_of(size=5_000, piece=500) as parser:  # 5 kB/s, twice as long as the grace
        request = next(parser)
        gunicorn_conf.pre_request(None, request)
        assert request.body.read(5_000) == b"x" * 5_000


def test_what_the_sender_does_not_keep_waiting_for_is_not_counted() -> None:
    with body_of(size=200, piece=100) as parser:
        request = next(parser)
        gunicorn_conf.pre_request(None, request)
        assert len(request.body.read(100)) == 100
        time.sleep(0.6)  # the portal's own time
        assert len(request.body.read(100)) == 100
