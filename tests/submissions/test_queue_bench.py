"""The command that measures the queue: it runs, tells every limit, and keeps those of queries."""

from pathlib import Path

import pytest

from submissions.benchmark import queue_rows
from submissions.models import Revision, Submission
from tests.submissions.measuring import measure

PAGES = {
    "first page": 11,
    "everything": 11,
    "narrowed": 11,
    "narrowed, of everything": 11,
    "searched": 10,  # so few cases have none of these words: nothing is listed or counted
    "searched by institution": 10,
    "searched by number": 12,
    "page 1 of everything": 11,
}


def test_every_page_of_the_queue_is_measured_with_its_queries(tmp_path: Path) -> None:
    lines = measure("bench_queue", records=60, folder=tmp_path)
    assert [line.split("  ")[0] for line in lines] == [
        name for page in PAGES for name in (page, f"{page}: queries")
    ]
    asked = {line.split(": queries")[0]: line.split()[-4] for line in lines if ": queries" in line}
    assert {page: float(number) for page, number in asked.items()} == PAGES


@pytest.mark.django_db
def test_the_measured_queue_has_as_many_cases_as_it_says() -> None:
    queue_rows.fill(120, block=40)
    assert Submission.objects.received().count() == 120
    assert Submission.objects.values("organization").distinct().count() == 6
    assert set(Revision.objects.values_list("submission", flat=True)) == set(
        Submission.objects.values_list("pk", flat=True)
    )
    oldest_first = Submission.objects.order_by("submitted_at").values_list("reference", flat=True)
    assert list(oldest_first) == [f"QUE-2026-{number:06d}" for number in range(120)]
