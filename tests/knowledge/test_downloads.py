"""PDF files as they leave: whole, in part, unchanged, and by version."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from knowledge.models import EditionFile, Report
from tests.knowledge.factories import add_pdf, make_report


@pytest.fixture
def report(db: None) -> Report:
    return make_report("Reading the Rain")


@pytest.fixture
def version(report: Report) -> EditionFile:
    return add_pdf(report, pages=2)


@pytest.fixture
def content(version: EditionFile) -> bytes:
    with version.file.open("rb") as file:
        return file.read()


def body(response: Any) -> bytes:
    """All that was sent; reading a stream to its end closes the file."""
    return b"".join(response)


def get(client: Client, version: EditionFile, **headers: str) -> Any:
    return client.get(version.get_absolute_url(), headers=headers)


def test_whole_file_is_a_download_that_runs_nowhere(
    client: Client, version: EditionFile, content: bytes
) -> None:
    response = get(client, version)
    assert response.status_code == 200
    assert body(response) == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Disposition"] == 'attachment; filename="reading-the-rain-en.pdf"'
    assert response["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("BYTES = 5-5", 5, 5),
        ("bytes=0-999999999", 0, None),
        ("bytes=-999999999", 0, None),
    ],
)
def test_part_of_the_file_is_sent(
    asked: str,
    first: int,
    last: int | None,
    client: Client,
    version: EditionFile,
    content: bytes,
) -> None:
    wanted = content[first : None if last is None else last + 1]
    start = content.index(wanted) if first >= 0 else len(content) + first
    response = get(client, version, range=asked)
    assert response.status_code == 206
    assert body(response) == wanted
    assert response["Content-Length"] == str(len(wanted))
    end = start + len(wanted) - 1
    assert response["Content-Range"] == f"bytes {start}-{end}/{len(content)}"


@pytest.mark.parametrize("asked", ["bytes=9999999-", "bytes=-0", "bytes=9-3"])
def test_part_that_the_file_does_not_have_is_refused(
    asked: str, client: Client, version: EditionFile, content: bytes
) -> None:
    response = get(client, version, range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(content)}"
    assert body(response) == b""


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=a-b", "bytes=0-1,5-6", "pages=1-2", "bytes=--1", "bytes=" + "9" * 99]
)
def test_range_that_cannot_be_read_is_answered_with_the_whole_file(
    asked: str, client: Client, version: EditionFile, content: bytes
) -> None:
    response = get(client, version, range=asked)
    assert response.status_code == 200
    assert body(response) == content


def test_unchanged_file_is_not_sent_again(client: Client, version: EditionFile) -> None:
    first = get(client, version)
    body(first)
    for headers in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        again = get(client, version, **headers)
        assert (again.status_code, body(again)) == (304, b"")
        assert again["ETag"] == first["ETag"]


def test_part_is_sent_only_of_the_file_that_the_reader_began_with(
    client: Client, version: EditionFile, content: bytes
) -> None:
    first = get(client, version)
    body(first)
    for condition, status in [
        (first["ETag"], 206),
        (first["Last-Modified"], 206),
        ('"another"', 200),
        (f"W/{first['ETag']}", 200),
    ]:
        response = get(client, version, range="bytes=0-9", **{"if-range": condition})
        assert response.status_code == status
        assert len(body(response)) == (10 if status == 206 else len(content))


def test_head_tells_the_size_without_the_file(
    client: Client, version: EditionFile, content: bytes
) -> None:
    response = client.head(version.get_absolute_url(), headers={"range": "bytes=0-9"})
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(content))
    assert response.content == b""


def test_address_of_a_version_keeps_its_bytes_and_the_plain_one_follows(
    client: Client, report: Report
) -> None:
    first = add_pdf(report, pages=1)
    plain = f"{report.get_absolute_url()}en.pdf"
    before = body(client.get(plain))
    second = add_pdf(report, pages=5)
    assert first.get_absolute_url() == f"{report.get_absolute_url()}en-v1.pdf"
    assert body(client.get(first.get_absolute_url())) == before
    after = client.get(plain)
    assert body(after) == body(client.get(second.get_absolute_url())) != before
    assert after["Cache-Control"] == "public, no-cache"
    kept = client.get(first.get_absolute_url())
    body(kept)
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"


def test_wrong_name_in_the_address_leads_to_the_right_one(
    client: Client, report: Report, version: EditionFile
) -> None:
    for name in ("en.pdf", "en-v1.pdf"):
        response = client.get(f"/library/{report.pk}-x/{name}")
        assert response.status_code == 301
        assert response["Location"] == f"/library/{report.pk}-reading-the-rain/{name}"


def test_languages_and_versions_that_do_not_exist_are_not_found(
    client: Client, report: Report, version: EditionFile
) -> None:
    for name in ("fr.pdf", "en-v2.pdf", "en-v0.pdf", f"en-v{'9' * 40}.pdf", "en.txt"):
        assert client.get(f"{report.get_absolute_url()}{name}").status_code == 404


def test_file_that_was_lost_is_not_found(
    client: Client, version: EditionFile, settings: LazySettings
) -> None:
    Path(version.file.path).unlink()
    assert get(client, version).status_code == 404
