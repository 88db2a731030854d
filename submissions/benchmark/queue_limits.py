"""What the pages of the queue may cost: first, narrowed, searched, and far down."""

from itertools import repeat
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.urls import reverse

from submissions.benchmark import queue_rows, rows
from submissions.benchmark.copying import tidy
from submissions.benchmark.limits import Limit
from submissions.benchmark.meter import Request, Subject

TIMES, QUERIES = 12, 12


def limits(records: int) -> list[Limit]:
    """Each page of 50 rows of a queue of `records` cases, most of them closed."""
    session = rows.session_of(queue_rows.fill(records))
    tidy()
    application = WSGIHandler()
    last = max(records // 50 // 2, 1)
    pages: dict[str, dict[str, str | int]] = {
        "first page": {},
        "everything": {"queue": "all"},
        "narrowed": {"region": "africa", "level": "basic"},
        "narrowed, of everything": {"queue": "all", "kind": "demand", "clearance": "cleared"},
        "searched": {"queue": "all", "q": "gauge137 river"},
        "searched by institution": {"queue": "all", "q": "institute section7"},
        "searched by number": {"queue": "all", "q": "42"},
        f"page {last:,} of everything": {"queue": "all", "page": last},
    }
    address = reverse("admin:submissions_submission_changelist")
    return [
        Limit(
            Subject(name, application, repeat(Request(f"{address}?{urlencode(asked)}", session))),
            TIMES,
            "list",
            QUERIES,
        )
        for name, asked in pages.items()
    ]
