"""Files that nginx sends: what the views answer with, and when they send the bytes themselves."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from knowledge.models import EditionFile, RecentDownload, Report
from tests.knowledge.factories import add_pdf, make_report

BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101"}


@pytest.fixture
def behind_nginx(settings: Settings, data_folder: Path) -> None:
    settings.X_ACCEL_REDIRECT = True
    settings.STORAGES = dict(settings.STORAGES)


@pytest.fixture
def version(behind_nginx: None, db: None) -> EditionFile:
    return add_pdf(make_report("Reading the Rain"), pages=2)


def test_view_names_the_file_and_sends_none_of_it(client: Client, version: EditionFile) -> None:
    response = client.get(version.get_absolute_url())
    assert (response.status_code, response.content) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/accel/private/{version.file.name}"
    assert response["Content-Type"] == "application/pdf"
    assert "reading-the-rain-en.pdf" in response["Content-Disposition"]
    assert response["ETag"] == f'"{version.sha256}"'


def test_download_that_nginx_sends_is_counted_once(client: Client, version: EditionFile) -> None:
    for asked in ("bytes=0-9", "bytes=10-"):
        response = client.get(version.get_absolute_url(), headers=BROWSER | {"range": asked})
        assert "X-Accel-Redirect" in response
    assert RecentDownload.objects.get().requests == 1


def order(version: EditionFile, **headers: str) -> Any:
    """What a visitor's browser is answered, all of it sent."""
    return Client().get(version.get_absolute_url(), headers=BROWSER | headers)


def queries(captured: CaptureQueriesContext) -> list[str]:
    words = (query["sql"].split()[0] for query in captured.captured_queries)
    return [word for word in words if word not in {"SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"}]


def test_second_reader_costs_the_question_for_the_state_and_the_count(
    version: EditionFile,
) -> None:
    first = order(version)
    with CaptureQueriesContext(connection) as captured:
        second = order(version, **{"user-agent": f"{BROWSER['user-agent']} Firefox/140.0"})
    assert queries(captured) == ["EXECUTE", "INSERT"]
    own = {"X-Request-ID", "Date"}
    assert {name: said for name, said in second.items() if name not in own} == {
        name: said for name, said in first.items() if name not in own
    }
    assert sum(RecentDownload.objects.values_list("requests", flat=True)) == 2


def test_kept_order_counts_each_reader_once_and_no_robot(version: EditionFile) -> None:
    for agent in ("", "", " Firefox/140.0", " Googlebot/2.1"):
        order(version, **{"user-agent": BROWSER["user-agent"] + agent})
    assert sorted(RecentDownload.objects.values_list("requests", flat=True)) == [1, 1]


def test_kept_order_is_given_to_nobody_once_the_report_is_withdrawn(version: EditionFile) -> None:
    assert order(version).status_code == order(version).status_code == 200
    Report.objects.update(status=Report.Status.RETIRED)
    assert order(version).status_code == 410


def test_kept_order_is_given_to_nobody_once_the_scanner_refuses_the_file(
    version: EditionFile,
) -> None:
    assert order(version).status_code == order(version).status_code == 200
    EditionFile.objects.update(scan=EditionFile.Scan.REFUSED, scanned_at=timezone.now())
    assert "X-Accel-Redirect" not in order(version)


def test_part_and_a_file_that_is_known_are_not_answered_from_what_is_kept(
    version: EditionFile,
) -> None:
    order(version)
    assert order(version, range="bytes=0-9").status_code == 206
    assert order(version, **{"if-none-match": f'"{version.sha256}"'}).status_code == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"range": "bytes=0-1,5-6"},
        {"range": "bytes=a-b"},
        {"range": "bytes=0-9", "if-range": '"another"'},
        {"if-match": "*"},
        {"if-unmodified-since": "Wed, 01 Jan 2200 00:00:00 GMT"},
    ],
)
def test_what_nginx_would_take_in_another_way_is_sent_by_us(
    headers: dict[str, str], client: Client, version: EditionFile
) -> None:
    response = client.get(version.get_absolute_url(), headers=headers)
    assert "X-Accel-Redirect" not in response
    assert response.status_code == 200
    assert len(b"".join(response)) == version.size


def test_lost_file_is_told_by_us(client: Client, version: EditionFile) -> None:
    Path(version.file.path).unlink()
    assert client.get(version.get_absolute_url()).status_code == 404


def test_private_files_can_be_read_by_the_group_and_nobody_else(
    behind_nginx: None, data_folder: Path
) -> None:
    name = storages["private"].save("documents/statutes.pdf", ContentFile(b"text"))
    assert (data_folder / "private").stat().st_mode & 0o777 == 0o750
    assert (data_folder / "private" / name).stat().st_mode & 0o777 == 0o640
