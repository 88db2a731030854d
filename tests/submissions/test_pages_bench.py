"""The command that measures the pages: it runs, tells every limit, and keeps those of queries."""

from itertools import repeat
from pathlib import Path

from submissions.benchmark import bare
from submissions.benchmark.limits import Limit
from submissions.benchmark.meter import Request, Subject
from tests.submissions.measuring import measure

PAGES = [
    "home",
    "library list of 40",
    "report page",
    "search in 40 reports",
    "directory of 40",
    "map of 40",
    "organization's page",
    "board of 40",
    "demand page",
    "login page",
    *(
        f"{name}, {how}"
        for name in ("report page", "organization's page", "demand page")
        for how in ("another published", "first drawn")
    ),
    *(
        f"{name}, kept"
        for name in ("home", "library list of 40", "report page", "board of 40", "demand page")
    ),
    "first page, application",
    "first page, Demand",
    "first page, Offer",
    "submit of a form, application",
    "submit of a form, Demand",
    "review queue of 40",
    "review page",
]


def test_every_page_is_measured_and_asks_the_database_as_rarely_as_promised(
    tmp_path: Path,
) -> None:
    lines = measure("bench_pages", records=40, folder=tmp_path)
    assert [line.split("  ")[0] for line in lines] == [
        name for page in PAGES for name in (page, f"{page}: queries")
    ]
    assert all(line.endswith(" ok") for line in lines)


def subject(name: str, *milliseconds: float, queries: int = 0) -> Subject:
    return Subject(
        name,
        bare.application(),
        repeat(Request("/bare/page/")),
        seconds=[spent / 1000 for spent in milliseconds],
        queries=queries,
    )


def test_a_page_that_takes_too_long_or_asks_too_often_is_over() -> None:
    references = {"list": subject("bare list", 3, 4, 50)}
    page = subject("home", 5, 6, 7, queries=6)
    time, queries = Limit(page, 1.4, "list", 5).lines(references, slack=1)
    assert (time.measured, time.is_ok) == (1.5, False)
    assert (queries.measured, queries.is_ok) == (6, False)
    time, queries = Limit(page, 1.4, "list", 6).lines(references, slack=2)
    assert (time.is_ok, queries.is_ok) == (True, True)
