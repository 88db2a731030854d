"""Downloads are counted as COUNTER counts them, whatever goes wrong meanwhile."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from knowledge import counting, usage
from knowledge.models import DownloadCount, EditionFile, RecentDownload, Report
from tests import factories
from tests.knowledge.factories import add_pdf, make_report

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def version(db: None) -> EditionFile:
    return add_pdf(make_report("Reading the Rain", doi="10.1000/182"), pages=2)


def get(client: Client, path: str, method: str = "get", **headers: str) -> Any:
    response = getattr(client, method)(path, headers={"user-agent": BROWSER} | headers)
    b"".join(response)  # reads to the end, which closes the file
    return response


def counted() -> tuple[int, int]:
    """Requests and unique requests of everything."""
    rows = RecentDownload.objects.values_list("requests", "unique_requests")
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


def add(version: EditionFile, reader: str = "Ada", **later: int) -> tuple[int, int]:
    counting.add(version, reader=reader, at=NOON + timedelta(**later))
    return counted()


def test_download_counts_once_at_either_address(client: Client, version: EditionFile) -> None:
    assert get(client, version.get_absolute_url()).status_code == 200
    assert counted() == (1, 1)
    get(client, version.edition.pdf_url)  # within seconds: the same click
    assert counted() == (1, 1)


def test_double_click_is_one_request_and_each_hour_a_visit(version: EditionFile) -> None:
    assert add(version) == (1, 1)
    assert add(version, seconds=30) == (1, 1)
    # Measured from the last click, not from the first.
    assert add(version, seconds=60) == (1, 1)
    assert add(version, seconds=91) == (2, 1)
    assert add(version, minutes=59, seconds=50) == (3, 1)
    assert add(version, minutes=60, seconds=10) == (3, 1)
    assert add(version, minutes=61) == (4, 2)
    assert add(version, reader="Wei", minutes=61) == (5, 3)


@pytest.mark.parametrize(
    ("method", "headers", "status", "expected"),
    [
        ("get", {"range": "bytes=0-99"}, 206, 1),
        ("get", {"range": "bytes=0-"}, 206, 1),
        ("get", {"range": "bytes=100-"}, 206, 0),
        ("get", {"range": "bytes=-50"}, 206, 0),
        ("get", {"range": "bytes=9999999-"}, 416, 0),
        ("head", {}, 200, 0),
        ("get", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, 200, 0),
        ("get", {"user-agent": "curl/8.5.0"}, 200, 0),
        ("get", {"user-agent": ""}, 200, 0),
        ("get", {"user-agent": BROWSER + "\xff" * 9999}, 200, 1),
        ("get", {"sec-purpose": "prefetch;prerender"}, 200, 0),
    ],
)
def test_only_the_beginning_of_a_download_by_a_person_counts(
    method: str,
    headers: dict[str, str],
    status: int,
    expected: int,
    client: Client,
    version: EditionFile,
) -> None:
    response = get(client, version.get_absolute_url(), method, **headers)
    assert response.status_code == status
    assert counted() == (expected, expected)


def test_file_that_is_not_sent_again_does_not_count(client: Client, version: EditionFile) -> None:
    answer = get(client, version.get_absolute_url(), **{"if-none-match": f'"{version.sha256}"'})
    assert answer.status_code == 304
    get(client, f"/library/{version.edition.report_id}-x/en.pdf")
    assert counted() == (0, 0)


def test_editors_and_what_is_not_public_do_not_count(version: EditionFile) -> None:
    editor = factories.logged_in(factories.staff("Library editor"))
    assert get(editor, version.get_absolute_url()).status_code == 200
    draft = add_pdf(make_report(status="draft"))
    assert get(editor, draft.get_absolute_url()).status_code == 200
    assert counted() == (0, 0)


def test_download_goes_out_when_the_count_is_lost(
    client: Client, version: EditionFile, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE knowledge_recentdownload RENAME TO elsewhere")
    response = client.get(version.get_absolute_url(), headers={"user-agent": BROWSER})
    assert response.status_code == 200
    assert len(b"".join(response)) == version.size
    assert "a download could not be counted" in caplog.text
    # What the request asks afterwards still works.
    assert EditionFile.objects.count() == 1


def test_reader_is_forgotten_when_the_day_is_over(version: EditionFile) -> None:
    add(version)
    add(version, reader="Wei")
    add(version, minutes=2)
    assert "Ada" not in str(RecentDownload.objects.values_list())
    today = datetime.now(UTC)
    counting.add(version, reader="Ada", at=today)
    assert (counting.fold(), counting.fold()) == (1, 0)
    kept = DownloadCount.objects.get()
    assert (kept.month, kept.requests, kept.unique_requests) == (date(2026, 3, 1), 3, 2)
    assert [row.day for row in RecentDownload.objects.all()] == [today.date()]
    add(version, days=7)
    counting.fold()
    assert DownloadCount.objects.get().requests == 4


def test_mark_of_a_reader_is_another_each_day_and_for_each_report(version: EditionFile) -> None:
    add(version)
    add(version, days=1)
    counting.add(add_pdf(make_report("Sun")), reader="Ada", at=NOON)
    assert len(set(RecentDownload.objects.values_list("key", flat=True))) == 3


def numbers(rows: list[list[Any]]) -> list[tuple[str, list[Any]]]:
    return [(row[12], row[13:]) for row in rows]


def test_numbers_of_a_year_hold_totals_and_today(version: EditionFile) -> None:
    report = version.edition.report
    other = add_pdf(make_report("Sun"))
    add(version)
    add(version, days=40)
    counting.fold()
    add(version, days=41)
    add(other, days=41)
    year = usage.of_year(2026)
    assert (year.requests[2:4], year.total, year.unique_total) == ([1, 3], 4, 4)
    assert usage.of_year(2026, report).requests[2:4] == [1, 2]
    assert usage.of_year(2025).total == 0
    found = [(row.report.title, row.months.total) for row in usage.by_report(2026, most=9)]
    assert found == [("Reading the Rain", 3), ("Sun", 1)]
    assert [row.report.title for row in usage.by_report(2026, most=1)] == ["Reading the Rain"]
    assert (usage.total(report), usage.total(make_report())) == (3, 0)
    rows = list(usage.table(2026))
    assert numbers(rows)[0] == ("Total_Item_Requests", [3, 0, 0, 1, 2, *[0] * 8])
    assert [len(row) for row in rows] == [len(usage.heading(2026))] * 4


@pytest.mark.parametrize("rows", [1, 3])
def test_staff_read_the_numbers_with_the_same_queries_however_many(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    versions = [add_pdf(make_report(f"Rain {n}")) for n in range(rows)]
    for version in versions:
        counting.add(version, reader="Ada", at=datetime.now(UTC))
    client = factories.logged_in(factories.staff("Library editor"))
    page = "/admin/knowledge/report/downloads/"
    client.get(page)
    # Who it is and what they may (5), the years, twice the sums of the year, the reports.
    with django_assert_num_queries(11):
        content = client.get(page).content.decode()
    assert content.count("&amp;report=") == rows
    assert f"Counted once for each visit: {rows}." in content
    one = client.get(page, {"report": versions[0].edition.report_id}).content.decode()
    assert "1 download. Counted once for each visit: 1." in one
    change = client.get(f"/admin/knowledge/report/{versions[0].edition.report_id}/change/")
    assert "Downloaded once" in change.content.decode()


def test_numbers_are_taken_out_as_a_table(version: EditionFile, settings: LazySettings) -> None:
    Report.objects.update(publisher="=Norec")
    counting.add(version, reader="Ada", at=datetime.now(UTC))
    client = factories.logged_in(factories.staff("Library editor"))
    response = client.get("/admin/knowledge/report/downloads.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["Metric_Type"] for row in rows] == ["Total_Item_Requests", "Unique_Item_Requests"]
    assert (rows[0]["Title"], rows[0]["DOI"]) == ("Reading the Rain", "10.1000/182")
    assert rows[0]["Publisher"] == "'=Norec"
    assert rows[0]["Reporting_Period_Total"] == rows[0][f"{datetime.now(UTC):%b-%Y}"] == "1"
    assert client.get("/admin/knowledge/report/downloads.exe").status_code == 404


@pytest.mark.parametrize("query", ["?year=x", "?year=99999999999", "?report=x", "?year=-1&report="])
def test_numbers_are_shown_whatever_is_asked(query: str, db: None) -> None:
    client = factories.logged_in(factories.staff("Library editor"))
    assert client.get(f"/admin/knowledge/report/downloads/{query}").status_code == 200


def test_numbers_of_a_report_that_is_not_there_are_not_found(db: None) -> None:
    client = factories.logged_in(factories.staff("Library editor"))
    assert client.get("/admin/knowledge/report/downloads/?report=999999").status_code == 404
