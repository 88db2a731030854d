"""`manage.py bench_search`: how long readers wait for a search; ends with 1 over the limit.

On a database that is made for it and removed again. Measured is the time on the clock of a whole
page, with the database in memory as far as it fits and nothing of the answers kept.
"""

import logging
import statistics
import time
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from alliance.benchmark import Line, own_database, tell
from alliance.browsing.kept import forget
from knowledge.benchmark.library import make_library
from knowledge.benchmark.questions import questions
from knowledge.indexing import inside
from knowledge.models import (
    Edition,
    EditionFile,
    IndexEntry,
    IndexPart,
    IndexWord,
    Page,
    Report,
)
from knowledge.search.suggesting import usual_words

LIMIT = 150  # milliseconds, of the slowest twentieth
SAMPLE = 20  # reports that are read into the index once more

_GROWING = (Edition, EditionFile, IndexEntry, IndexPart, IndexWord, Page, Report)

_MOST_TIMES = 20

_requests = RequestFactory(SERVER_NAME="localhost")


class _NotAnswered(Exception):
    """A page that is not what was asked for, as when a search is given up."""


class Command(BaseCommand):
    help = "Measure how long searches take in a library of any size."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reports", type=int, default=2000, help="Reports in the library.")
        parser.add_argument(
            "--pages", type=int, default=40, choices=(10, 20, 30, 40), help="Pages of each."
        )
        parser.add_argument("--rounds", type=int, default=5, help="How often all are asked.")
        parser.add_argument("--slack", type=float, default=1.0, help="Multiplies the limit.")
        parser.add_argument(
            "--data", type=Path, help="A folder that keeps the library, to be measured again."
        )

    def handle(
        self,
        *,
        reports: int,
        pages: int,
        rounds: int,
        slack: float,
        data: Path | None,
        **options: Any,
    ) -> None:
        logging.getLogger("alliance.request").setLevel(logging.WARNING)
        with own_database(data):
            self._make(reports, pages)
            self._say("size of the database", _database_bytes() / 1e9, "GB")
            self._say("report read into the index in", 1000 * _reading(), "ms")
            asked = questions(reports)
            _warm_up(asked)
            before = _read_whole()
            found = _measure(asked, rounds)
            read_whole = _read_whole() - before
        for kind, seconds in found.items():
            self._say(f"{kind}: half of them in", 1000 * statistics.median(seconds), "ms")
            self._say(f"{kind}: slowest in", 1000 * max(seconds), "ms")
        everything = sorted(second for seconds in found.values() for second in seconds)
        self._say("all: half of them in", 1000 * statistics.median(everything), "ms")
        slow = 1000 * everything[int(0.95 * (len(everything) - 1))]
        title = f"search in {reports:,} reports x {pages}, p95"
        limits = [
            Line(title, slow, LIMIT * slack, unit="ms"),
            Line("tables read from end to end", read_whole, 0, unit="times"),
        ]
        tell(self.stdout, limits)

    def _make(self, reports: int, pages: int) -> None:
        """The library, unless this very one has been kept."""
        if found := Report.objects.count():
            held = found, EditionFile.objects.values_list("page_count", flat=True).first()
            if held != (reports, pages):
                raise CommandError("The folder keeps a library of {} reports x {}.".format(*held))
            return
        began = time.perf_counter()
        make_library(reports, pages)
        self._say("library made in", time.perf_counter() - began, "s")

    def _say(self, name: str, number: float, unit: str) -> None:
        self.stdout.write(f"{name:<44} {number:>9.2f} {unit}")
        self.stdout.flush()


def _warm_up(asked: dict[str, list[str]]) -> None:
    """Ask everything until it is answered: a library that comes from the disk takes too long."""
    for _time in range(_MOST_TIMES):
        try:
            _measure(asked, 1)
        except _NotAnswered:
            continue
        return


def _measure(asked: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each answer, by kind."""
    application = WSGIHandler()
    found: dict[str, list[float]] = {kind: [] for kind in asked}
    for _round in range(rounds):
        for kind, queries in asked.items():
            found[kind] += [
                _ask(application, f"{reverse('library:list')}?{query}") for query in queries
            ]
    return found


def _ask(application: WSGIHandler, path: str) -> float:
    forget()
    usual_words()  # which no answer is, and hardly any change of the library changes
    environ = _requests.get(path).environ
    told: list[str] = []

    def start(status: str, headers: Any, problem: Any = None) -> Any:
        told.append(status)

    began = time.perf_counter()
    answer: Any = application(environ, start)
    for _part in answer:
        pass
    answer.close()
    spent = time.perf_counter() - began
    if not told[0].startswith("200"):
        raise _NotAnswered(f"{path} answered {told}")
    return spent


def _reading() -> float:
    """Seconds that the index takes to read one report's pages."""
    entries = list(IndexEntry.objects.order_by("-pk").only("report_id", "wanted", "read")[:SAMPLE])
    began = time.perf_counter()
    for entry in entries:
        entry.wanted += 1
        inside.read(entry)
    return (time.perf_counter() - began) / max(len(entries), 1)


def _read_whole() -> int:
    """How often a table that grows with the library was read without an index."""
    tables = [model._meta.db_table for model in _GROWING]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname = ANY(%s)", [tables]
        )
        return int(cursor.fetchone()[0])


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
