"""No PDF leaves the library before a scan has found nothing in it."""

import re

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from alliance.models import OutgoingMail
from alliance.scanning import Scanner
from knowledge.catalogue_loader import load_catalogue
from knowledge.importing import add_version
from knowledge.machines.dublin_core import statements
from knowledge.models import EditionFile, Report
from organizations.models import User
from tests.clamd import EICAR, RunningClamd
from tests.knowledge import pdfs
from tests.knowledge.factories import add_pdf, make_report


@pytest.fixture
def report(db: None) -> Report:
    return make_report("Reading the Rain")


@pytest.fixture
def scanner(settings: LazySettings) -> None:
    """The portal has one, and it has not come to these files yet."""
    settings.CLAMD_URL = "tcp://127.0.0.1:9"


def judged(version: EditionFile, scan: str) -> EditionFile:
    is_verdict = scan in {"clean", "refused"}
    EditionFile.objects.filter(pk=version.pk).update(
        scan=scan,
        scanned_at=timezone.now() if is_verdict else None,
        scan_due_at=None if is_verdict else timezone.now(),
    )
    version.refresh_from_db()
    return version


@pytest.mark.parametrize("scan", ["waiting", "failed"])
def test_file_that_is_being_checked_says_so_and_stays(
    scan: str, client: Client, report: Report, scanner: None
) -> None:
    version = judged(add_pdf(report), scan)
    for address in (version.get_absolute_url(), version.edition.pdf_url):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert "being checked for viruses" in response.content.decode()
        assert b"%PDF" not in response.content
        assert "no-store" in response["Cache-Control"]


def test_file_with_a_virus_says_so_and_stays(client: Client, report: Report, scanner: None) -> None:
    response = client.get(judged(add_pdf(report), "refused").get_absolute_url())
    assert response.status_code == 404
    assert "A virus was found in this file" in response.content.decode()


def test_machines_are_told_of_a_file_once_it_may_leave(
    client: Client, report: Report, scanner: None
) -> None:
    version = add_pdf(report)
    address = version.edition.pdf_url
    for scan, is_told in (("waiting", False), ("refused", False), ("clean", True)):
        judged(version, scan)
        page = client.get(report.get_absolute_url())
        data = re.search(
            r'<script type="application/ld.json">(.*?)</script>', page.content.decode()
        )
        assert data is not None
        feed = client.get("/library/feed/").content.decode()
        metadata = "".join(text for _name, text, _language in statements(_whole(report)))
        for told in (page["Link"], data[1], feed, metadata):
            assert (address in told) == is_told


def _whole(report: Report) -> Report:
    return Report.objects.with_codes().with_people().with_editions().get(pk=report.pk)


def test_cover_of_a_file_with_a_virus_is_not_shown(
    client: Client, report: Report, scanner: None
) -> None:
    version = add_pdf(report)
    version.cover.save("cover.webp", ContentFile(b"RIFF"))
    address = version.cover.url
    for scan, is_shown in (("clean", True), ("refused", False)):
        judged(version, scan)
        assert (address in client.get(report.get_absolute_url()).content.decode()) == is_shown


def test_readers_keep_the_older_version_while_the_newer_one_is_checked(
    client: Client, report: Report, scanner: None
) -> None:
    old = judged(add_pdf(report, pages=1), "clean")
    new = add_pdf(report, pages=2)
    address = new.edition.pdf_url
    assert client.head(address)["ETag"] == f'"{old.sha256}"'
    judged(new, "refused")
    assert client.head(address)["ETag"] == f'"{old.sha256}"'
    judged(new, "clean")
    assert client.head(address)["ETag"] == f'"{new.sha256}"'


def test_production_hands_out_nothing_that_was_never_scanned(
    client: Client, report: Report, settings: LazySettings
) -> None:
    version = add_pdf(report)
    response = client.get(version.get_absolute_url())
    assert (version.scan, response.status_code) == ("not_scanned", 200)
    assert b"".join(response).startswith(b"%PDF")
    settings.LOCAL_MODE = False
    assert client.get(version.get_absolute_url()).status_code == 503


def test_scanner_opens_shipped_digests_and_stops_a_virus(settings: LazySettings) -> None:
    load_catalogue()
    editor = User.objects.create_user("edith@example.org")
    pdf = pdfs.plain()
    pdf.pages[0].Contents = pdf.make_stream(EICAR)
    content = pdfs.saved(pdf, compress_streams=False)
    edition = make_report().editions.get()
    bad = add_version(edition, pdf=pdfs.opened(content), is_digest=False, by=editor)
    clamd = RunningClamd().start()
    try:
        settings.CLAMD_URL = clamd.url
        Scanner().work()
    finally:
        clamd.end()
    digests = EditionFile.objects.exclude(pk=bad.pk)
    assert {file.scan for file in digests} == {"clean"}
    assert digests.count() == 2
    bad.refresh_from_db()
    assert bad.scan == "refused"
    letter = OutgoingMail.objects.get(message="file_refused")
    assert letter.recipient == editor.email
    assert bad.get_absolute_url() in letter.text
