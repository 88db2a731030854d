"""Files that nginx sends: what the views answer with, and when they send the bytes themselves."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from pytest_django import Settings

from knowledge.models import EditionFile, RecentDownload
from tests.knowledge.factories import add_pdf, make_report


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
    browser = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101"}
    for asked in ("bytes=0-9", "bytes=10-"):
        response = client.get(version.get_absolute_url(), headers=browser | {"range": asked})
        assert "X-Accel-Redirect" in response
    assert RecentDownload.objects.get().requests == 1


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
