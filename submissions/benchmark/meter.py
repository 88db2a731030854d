"""Requests through the whole of the portal, and the CPU time that each takes.

Counted is the CPU time of this process and of the database's process that serves it, never the
clock on the wall: other work on the machine then matters little.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import CommandParser, OutputWrapper
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

# What the log of queries holds besides the questions themselves.
_FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
_CSRF = "c" * 32
_requests = RequestFactory(SERVER_NAME="localhost")


@dataclass(frozen=True)
class Request:
    """What a browser sends; `session` is the key of a session, or empty."""

    path: str
    session: str = ""
    data: dict[str, Any] | None = None
    takes_gzip: bool = False

    def environ(self) -> dict[str, Any]:
        """As a web server hands it over; good for one answer."""
        cookies = {settings.CSRF_COOKIE_NAME: _CSRF} if self.data is not None else {}
        if self.session:
            cookies[settings.SESSION_COOKIE_NAME] = self.session
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if self.data is None:
            headers = {"Cookie": cookie} | ({"Accept-Encoding": "gzip"} if self.takes_gzip else {})
            return _requests.get(self.path, headers=headers).environ
        body = urlencode({"csrfmiddlewaretoken": _CSRF, **self.data}, doseq=True)
        form = "application/x-www-form-urlencoded"
        return _requests.generic("POST", self.path, body, form, HTTP_COOKIE=cookie).environ


@dataclass
class Subject:
    """What is measured: one request again and again, or one after another of `requests`.

    `before` each of them something may happen that is not measured.
    """

    name: str
    application: WSGIHandler
    requests: Iterator[Request]
    status: int = 200
    before: Callable[[], object] = int
    seconds: list[float] = field(default_factory=list)
    queries: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def ask(self) -> float:
        """Seconds of CPU that one answer took. Raises RuntimeError where it is another one."""
        self.before()
        return self.answer()

    def answer(self) -> float:
        """As `ask`, without what is to be done before."""
        environ = next(self.requests).environ()
        told: list[str] = []

        def start(status: str, headers: Any, problem: Any = None) -> Any:
            told.append(status)

        began = cpu_seconds()
        answer: Any = self.application(environ, start)
        for _part in answer:
            pass
        answer.close()
        spent = cpu_seconds() - began
        if told != [f"{self.status} {answer.reason_phrase}"]:
            raise RuntimeError(f"{self.name}: {environ['PATH_INFO']} answered {told}")
        return spent

    def warm_up(self, times: int) -> None:
        """Answer until nothing is made for the first time, and count the queries of an answer."""
        for _time in range(times):
            self.ask()
        self.before()
        with CaptureQueriesContext(connection) as captured:
            self.answer()
        asked = (query["sql"] for query in captured.captured_queries)
        self.queries = len([text for text in asked if not text.startswith(_FRAME)])


def measure(subjects: Iterable[Subject], *, rounds: int, each: int, warm: int) -> None:
    """All of them in turn, so that a machine that slows down slows all of them."""
    subjects = list(subjects)
    for subject in subjects:
        subject.warm_up(warm)
    for _round in range(rounds):
        for subject in subjects:
            subject.seconds += [subject.ask() for _time in range(each)]


def add_arguments(parser: CommandParser) -> None:
    """What every command that measures can be told."""
    parser.add_argument("--rounds", type=int, default=10, help="How often all are measured.")
    parser.add_argument("--slack", type=float, default=1.0, help="Multiplies the limits of time.")


def report(output: OutputWrapper, subjects: Iterable[Subject], *, counted: bool) -> None:
    """A line for each subject; `counted` is whether the database's share was."""
    if not counted:
        output.write("The database is out of sight: its share is not counted.")
    for subject in subjects:
        output.write(f"{subject.name:<44} {1000 * subject.median:>9.2f} ms")


def cpu_seconds() -> float:
    return time.process_time() + _database_seconds()


def counts_database() -> bool:
    """Whether the database's share is known: it runs on this machine, and the kernel tells."""
    return _database_seconds() > 0


def _database_seconds() -> float:
    """CPU time of the server's process behind our connection; 0 where it is out of sight."""
    if connection.connection is None or not connection.settings_dict["HOST"].startswith("/"):
        return 0.0
    try:
        told = Path(f"/proc/{connection.connection.get_backend_pid()}/schedstat").read_text()
    except OSError:
        return 0.0
    return int(told.split()[0]) / 1e9
