"""What nobody has scanned is not handed out: a real clamd that finds, stops, freezes, gives up."""

import hashlib
import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from alliance import scanning
from alliance.files.scanner_trials import LIMITS_NOT_TOLD, NO_SIGNATURES
from alliance.files.sizes import MB
from alliance.models import Event, OutgoingMail
from alliance.scanning import RETRY_AFTER_MINUTES, Scanner, scanner_state, scanner_trouble
from organizations.models import Organization, OrganizationDocument, User
from tests import factories
from tests.clamd import EICAR, FOUND, BadLine, RunningClamd, running_clamd

pytestmark = pytest.mark.django_db

CLEAN = b"Nothing but words. " * 100


@pytest.fixture(scope="module")
def daemon() -> Iterator[RunningClamd]:
    with running_clamd(StreamMaxLength="1M", MaxFileSize="512K") as clamd:
        yield clamd


@pytest.fixture
def clamd(daemon: RunningClamd, settings: Settings) -> RunningClamd:
    """The daemon, up and in use."""
    if daemon.process is None:
        daemon.start()
    settings.CLAMD_URL = daemon.url
    return daemon


def kept(place: Organization, content: bytes, by: User | None = None) -> OrganizationDocument:
    """A document that waits for its scan."""
    return OrganizationDocument.objects.create(
        organization=place,
        kind="other",
        name="statutes.docx",
        file=storages["private"].save("organizations/x.docx", ContentFile(content)),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="text/plain",
        scan="waiting",
        scan_due_at=timezone.now(),
        added_by=by,
    )


def zipped(content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/embeddings/object1.bin", content)
    return whole.getvalue()


def after_scan(document: OrganizationDocument, scanner: Scanner | None = None) -> str:
    (scanner or Scanner()).work()
    document.refresh_from_db()
    return document.scan


def status_for(person: User, document: OrganizationDocument) -> int:
    path = f"/organization/documents/{document.pk}/"
    return int(factories.logged_in(person).get(path).status_code)


def minutes_until_due(document: OrganizationDocument) -> int:
    assert document.scan_due_at is not None
    return round((document.scan_due_at - timezone.now()) / timedelta(minutes=1))


def test_clean_file_is_handed_out_once_it_is_scanned_and_not_before(
    clamd: RunningClamd, organization: Organization, owner: User
) -> None:
    document = kept(organization, CLEAN)
    page = factories.logged_in(owner).get("/organization/").content.decode()
    assert "is being checked for viruses" in page
    assert f'href="/organization/documents/{document.pk}/"' not in page
    assert status_for(owner, document) == 403
    assert after_scan(document) == "clean"
    assert status_for(owner, document) == 200
    assert document.scanned_at is not None
    assert document.scan_due_at is None


def test_virus_inside_a_document_is_refused_and_its_sender_told(
    clamd: RunningClamd, organization: Organization, owner: User
) -> None:
    document = kept(organization, zipped(EICAR), by=owner)
    assert after_scan(document) == "refused"
    assert (document.scan_word, document.may_be_handed_out) == (FOUND, False)
    assert status_for(owner, document) == 403
    page = factories.logged_in(owner).get("/organization/").content.decode()
    assert "A virus was found in this file" in page
    mail = OutgoingMail.objects.get(recipient=owner.email)
    assert "statutes.docx" in mail.text
    assert "/organization/" in mail.text
    event = Event.objects.about(organization).get(name="file.refused")
    assert event.data == {"file": document.pk.hex}


def test_file_waits_while_the_scanner_is_stopped_and_everybody_can_see_it(
    clamd: RunningClamd, organization: Organization, owner: User, administrator: User
) -> None:
    document = kept(organization, CLEAN)
    clamd.stop()
    assert after_scan(document) == "waiting"
    assert document.scan_attempts == 0
    assert status_for(owner, document) == 403
    ready = Client().get("/health/ready").json()
    assert (ready["status"], ready["checks"]["scanner"]) == ("ok", "failed")
    page = factories.logged_in(administrator).get("/admin/").content.decode()
    assert "Files are not being scanned for viruses" in page
    clamd.start()
    assert after_scan(document) == "clean"
    assert Client().get("/health/ready").json()["checks"]["scanner"] == "ok"
    page = factories.logged_in(administrator).get("/admin/").content.decode()
    assert "Files are not being scanned" not in page


def test_a_frozen_scanner_costs_seconds_and_opens_nothing(
    clamd: RunningClamd, organization: Organization
) -> None:
    document = kept(organization, CLEAN)
    clamd.freeze()
    began = time.monotonic()
    try:
        assert after_scan(document) == "waiting"
    finally:
        clamd.thaw()
    assert time.monotonic() - began < 10
    assert after_scan(document) == "clean"


def test_scanner_that_freezes_over_a_file_is_given_up_on_and_tried_again_later(
    clamd: RunningClamd, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "SCAN_SECONDS", 1)
    scanner = Scanner()
    assert scanner.work() == 0  # it does well, so the next file is sent without asking it
    document = kept(organization, CLEAN)
    clamd.freeze()
    try:
        assert after_scan(document, scanner) == "waiting"
    finally:
        clamd.thaw()
    assert (document.scan_attempts, minutes_until_due(document)) == (1, RETRY_AFTER_MINUTES[0])


@pytest.mark.parametrize("size", [2 * MB, 600 * 2**10], ids=["of a stream", "of a file"])
def test_file_over_the_scanners_limits_stays_closed_and_says_so(
    clamd: RunningClamd, organization: Organization, owner: User, size: int
) -> None:
    document = kept(organization, os.urandom(size))
    assert after_scan(document) == "failed"
    assert status_for(owner, document) == 403
    page = factories.logged_in(owner).get("/organization/").content.decode()
    assert "could not be checked for viruses yet" in page
    assert OutgoingMail.objects.count() == 0


def test_scans_in_vain_are_tried_again_at_growing_intervals(
    clamd: RunningClamd, organization: Organization
) -> None:
    document = kept(organization, os.urandom(2 * MB))
    found = []
    for _round in range(8):
        OrganizationDocument.objects.update(scan_due_at=timezone.now())
        assert after_scan(document) == "failed"
        found.append(minutes_until_due(document))
    assert found == [*RETRY_AFTER_MINUTES, 360, 360]


@pytest.mark.parametrize(
    ("up", "down"), [(4000, None), (None, 7), (None, 0)], ids=["question", "answer", "all of it"]
)
def test_line_that_breaks_halfway_opens_nothing(
    clamd: RunningClamd,
    organization: Organization,
    settings: Settings,
    up: int | None,
    down: int | None,
) -> None:
    scanner = Scanner()
    assert scanner.work() == 0
    line = BadLine(clamd.socket, up, down)
    settings.CLAMD_URL = line.url
    document = kept(organization, 10 * CLEAN)
    assert after_scan(document, scanner) == "waiting"
    assert (document.scan_attempts, document.may_be_handed_out) == (1, False)
    line.close()


def test_scanner_over_tcp_is_as_good(
    clamd: RunningClamd, organization: Organization, settings: Settings
) -> None:
    line = BadLine(clamd.socket)
    settings.CLAMD_URL = line.url
    documents = [kept(organization, CLEAN), kept(organization, zipped(EICAR))]
    assert [after_scan(document) for document in documents] == ["clean", "refused"]
    line.close()


@pytest.mark.parametrize(
    ("options", "signature", "words"),
    [
        ({}, b"something else altogether", NO_SIGNATURES),
        ({"AlertExceedsMax": "no"}, EICAR, LIMITS_NOT_TOLD),
    ],
    ids=["without signatures", "silent about its limits"],
)
def test_scanner_that_calls_everything_clean_is_not_believed(
    organization: Organization,
    settings: Settings,
    options: dict[str, str],
    signature: bytes,
    words: str,
) -> None:
    document = kept(organization, CLEAN)
    clamd = RunningClamd(**options)
    clamd.learn("Test", signature)
    try:
        settings.CLAMD_URL = clamd.start().url
        assert after_scan(document) == "waiting"
    finally:
        clamd.end()
    assert scanner_trouble() == words


def test_file_that_changed_on_disk_is_not_called_clean(
    clamd: RunningClamd, organization: Organization
) -> None:
    document = kept(organization, CLEAN)
    with document.file.open("rb+") as file:
        file.truncate(10)
    assert after_scan(document) == "failed"


def test_file_that_is_lost_holds_up_no_other(
    clamd: RunningClamd, organization: Organization
) -> None:
    lost, other = kept(organization, CLEAN), kept(organization, CLEAN + b"!")
    storages["private"].delete(str(lost.file.name))
    assert (after_scan(lost), after_scan(other)) == ("failed", "clean")


def test_file_of_a_worker_that_died_is_due_again_after_its_lease(
    clamd: RunningClamd, organization: Organization
) -> None:
    document = kept(organization, CLEAN)
    assert scanning._claim_next() == document
    assert scanning._claim_next() is None
    assert after_scan(document) == "waiting"
    OrganizationDocument.objects.update(scan_due_at=timezone.now())
    assert after_scan(document) == "clean"


def test_file_that_came_without_a_scanner_is_scanned_once_there_is_one(
    organization: Organization, owner: User, daemon: RunningClamd, settings: Settings
) -> None:
    document = kept(organization, zipped(EICAR))
    OrganizationDocument.objects.update(scan="not_scanned", scan_due_at=None)
    assert after_scan(document) == "not_scanned"
    assert status_for(owner, document) == 200
    settings.CLAMD_URL = daemon.url
    assert status_for(owner, document) == 403
    assert after_scan(document) == "refused"


def test_production_hands_out_no_file_that_nobody_scanned(
    organization: Organization, settings: Settings
) -> None:
    document = kept(organization, CLEAN)
    OrganizationDocument.objects.update(scan="not_scanned", scan_due_at=None)
    document.refresh_from_db()
    assert document.may_be_handed_out
    settings.LOCAL_MODE = False
    assert not document.may_be_handed_out


def test_silent_worker_is_noticed_as_well(clamd: RunningClamd, organization: Organization) -> None:
    assert "no worker" in scanner_trouble()
    Scanner().work()
    assert scanner_trouble() == ""
    state = scanner_state()
    assert state is not None
    old = timezone.now() - timedelta(minutes=6)
    cache.set(scanning._KEY, (state.trouble, old, old))
    assert "no worker" in scanner_trouble()


def test_files_that_wait_too_long_are_counted_for_staff(
    clamd: RunningClamd, organization: Organization, administrator: User
) -> None:
    kept(organization, CLEAN)
    Scanner()._note("")
    assert scanning.count_waiting_unusually_long() == 0
    OrganizationDocument.objects.update(added_at=timezone.now() - timedelta(minutes=20))
    page = factories.logged_in(administrator).get("/admin/").content.decode()
    assert "One file has waited for its scan for more than a quarter of an hour" in page


@pytest.mark.parametrize(
    "url", ["tcp://", "unix://relative", "http://127.0.0.1:3310", "tcp://127.0.0.1:port"]
)
def test_address_that_makes_no_sense_opens_nothing(
    organization: Organization, settings: Settings, url: str
) -> None:
    settings.CLAMD_URL = url
    document = kept(organization, CLEAN)
    assert after_scan(document) == "waiting"
    assert scanner_trouble() == url or "port" in scanner_trouble().lower()


def test_nothing_is_scanned_and_nothing_opened_without_a_scanner(
    organization: Organization,
) -> None:
    document = kept(organization, CLEAN)
    assert after_scan(document) == "waiting"
    assert scanner_trouble() == ""
    assert not document.may_be_handed_out


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "CLAMD_URL is not set. Nothing would look for viruses"),
        ("clamd.example.org:3310", "CLAMD_URL begins with tcp:// or unix:///"),
    ],
)
def test_production_refuses_to_start_without_a_scanner(url: str, words: str) -> None:
    production = {
        "ALLIANCE_MODE": "production",
        "ALLOWED_HOSTS": "alliance.example.org",
        "CLAMD_URL": url,
        "DATABASE_URL": "postgresql://alliance@db.example.org/alliance",
        "SECRET_KEY": "only-for-this-test-" + 40 * "0123456789",
        "TRAIL_KEY": "only-for-this-test-" + 40 * "9876543210",
        "SITE_URL": "https://alliance.example.org",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import alliance.settings"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | production,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert words in done.stderr
