"""Papers of an organization: what is taken, who reads them, how they leave."""

import io
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdfium2 import PdfDocument
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.files.keeping import sweep_private_files
from alliance.files.sizes import MB
from alliance.models import Event, StagedUpload
from organizations.actions import documents as actions_documents
from organizations.models import Organization, OrganizationDocument, User
from tests import factories

# The tests of papers share one folder, so they share one worker.
pytestmark = pytest.mark.django_db

ADD = "/organization/documents/add/"
HTML = b"<html><script>alert(1)</script></html>"
DAY = 24 * 60 * 60


def pdf(pages: int = 1) -> bytes:
    document = PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 200)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def picture(kind: str, colour: str = "#009edb") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(content, kind)
    return content.getvalue()


def send(client: Client, content: bytes, name: str = "certificate.pdf", **changes: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(ADD, {"kind": "registration", "file": file} | changes)


def refusal(response: Any) -> list[str]:
    assert response.status_code == 200
    return list(response.context["form"].errors["file"])


FOLDER = Path(django_settings.ALLIANCE_DATA) / "private" / "organizations"


def kept_files() -> int:
    return len(list(FOLDER.iterdir())) if FOLDER.exists() else 0


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture
def document(owner_client: Client, organization: Organization) -> OrganizationDocument:
    send(owner_client, pdf())
    return organization.documents.get()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (pdf(), "certificate.pdf", "application/pdf"),
        (picture("PNG"), "certificate.png", "image/png"),
        (picture("JPEG"), "scan.jpeg", "image/jpeg"),
    ],
    ids=["PDF", "PNG", "JPEG"],
)
def test_paper_is_kept_as_it_was_sent_and_downloaded_by_a_member(
    owner_client: Client,
    reader: User,
    organization: Organization,
    content: bytes,
    name: str,
    kind: str,
) -> None:
    assert send(owner_client, content, name)["Location"] == "/organization/"
    row = organization.documents.get()
    assert (row.content_type, row.name, row.size) == (kind, name, len(content))
    page = owner_client.get("/organization/").content.decode()
    assert name in page
    assert "not scanned" in page
    assert str(row.file.name) not in page
    response = factories.logged_in(reader).get(f"/organization/documents/{row.pk}/")
    assert response.getvalue() == content
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HTML, "of the kind HTML"),
        (b"MZ" + b"\0" * 100, "a program"),
        (b"GIF89a" + b"\0" * 100, "of the kind GIF"),
        (picture("WEBP"), "not a PDF, DOCX, XLSX, PPTX, PNG or JPEG"),
        (b"%PDF-1.7\n" + b"nothing " * 20, "This PDF cannot be opened"),
        (picture("PNG")[:-40], "damaged or not complete"),
        (picture("PNG") + b"PK\x03\x04" + HTML, "contains another file or program code"),
    ],
    ids=["HTML", "program", "GIF", "WebP", "no PDF inside", "cut PNG", "polyglot"],
)
def test_what_is_no_paper_is_refused_beside_its_field(
    owner_client: Client, content: bytes, words: str
) -> None:
    assert words in refusal(send(owner_client, content))[0]
    assert OrganizationDocument.objects.count() == 0
    assert kept_files() == 0


def test_more_than_20_mb_are_refused(owner_client: Client) -> None:
    content = pdf() + b"\0" * (20 * MB)
    words = "This file is too large. Maximum file size: 20 MB."
    assert refusal(send(owner_client, content)) == [words]


def test_paper_survives_an_error_elsewhere(
    owner_client: Client, organization: Organization
) -> None:
    page = send(owner_client, pdf(), kind="").content.decode()
    held = page.split('name="file-held" value="')[1].split('"')[0]
    owner_client.post(ADD, {"kind": "statutes", "file-held": held})
    assert organization.documents.get().kind == "statutes"
    assert StagedUpload.objects.waiting().count() == 0


def test_same_file_is_kept_once(owner_client: Client, document: OrganizationDocument) -> None:
    content = document.file.read()
    words = "Your organization has this very file already."
    assert refusal(send(owner_client, content)) == [words]
    assert kept_files() == 1


def test_only_so_many_are_kept(
    owner_client: Client, document: OrganizationDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_documents, "MOST_DOCUMENTS", 1)
    assert "twenty documents already" in refusal(send(owner_client, pdf(2)))[0]


def test_paper_is_for_its_members_and_reviewers_alone(
    document: OrganizationDocument,
    editor: User,
    stranger: User,
    reviewer: User,
    library_editor: User,
    administrator: User,
) -> None:
    paths = (
        f"/organization/documents/{document.pk}/",
        f"/admin/organizations/organization/documents/{document.pk}/",
    )
    found = {
        person and person.first_name: [
            (factories.logged_in(person) if person else Client()).get(path).status_code
            for path in paths
        ]
        for person in (editor, stranger, reviewer, library_editor, administrator, None)
    }
    assert found == {
        editor.first_name: [200, 302],
        stranger.first_name: [404, 302],
        reviewer.first_name: [404, 200],
        library_editor.first_name: [404, 403],
        administrator.first_name: [404, 403],
        None: [302, 302],
    }


def test_reviewer_needs_a_second_factor_to_read_a_paper(
    document: OrganizationDocument, reviewer: User, organization: Organization
) -> None:
    browser = Client()
    browser.force_login(reviewer)
    path = f"/admin/organizations/organization/documents/{document.pk}/"
    assert browser.get(path)["Location"].startswith("/admin/login/")
    page = f"/admin/organizations/organization/{organization.pk}/change/"
    assert path in factories.logged_in(reviewer).get(page).content.decode()


def test_readers_and_strangers_change_nothing(
    document: OrganizationDocument, reader: User, stranger: User
) -> None:
    path = f"/organization/documents/{document.pk}/remove/"
    assert factories.logged_in(reader).post(path).status_code == 403
    assert factories.logged_in(stranger).post(path).status_code == 404
    assert send(factories.logged_in(reader), pdf(2)).status_code == 403
    assert OrganizationDocument.objects.count() == 1


def test_removed_paper_is_gone_with_its_file(
    document: OrganizationDocument,
    owner_client: Client,
    organization: Organization,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = f"/organization/documents/{document.pk}/remove/"
    assert "Remove “certificate.pdf”?" in owner_client.get(path).content.decode()
    assert kept_files() == 1
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(path)
    assert (OrganizationDocument.objects.count(), kept_files()) == (0, 0)
    names = [event.name for event in Event.objects.about(organization).order_by("id")]
    assert names == ["organization.document_added", "organization.document_removed"]


def test_paper_in_which_a_virus_was_found_is_not_handed_out(
    document: OrganizationDocument, owner_client: Client
) -> None:
    OrganizationDocument.objects.update(
        scan=OrganizationDocument.Scan.REFUSED, scanned_at=timezone.now()
    )
    assert owner_client.get(f"/organization/documents/{document.pk}/").status_code == 403


def test_paper_whose_file_is_lost_is_not_found(
    document: OrganizationDocument, owner_client: Client
) -> None:
    storages["private"].delete(str(document.file.name))
    assert owner_client.get(f"/organization/documents/{document.pk}/").status_code == 404


def test_file_that_lost_its_row_is_swept_after_a_day_and_no_other(
    document: OrganizationDocument,
) -> None:
    young = storages["private"].save("organizations/young.pdf", ContentFile(b"x"))
    old = storages["private"].save("organizations/old.pdf", ContentFile(b"x"))
    now = time.time()
    for name, age in ((old, DAY), (str(document.file.name), DAY), (young, DAY - 60)):
        os.utime(storages["private"].path(name), (now - age, now - age))
    cache.clear()
    assert (sweep_private_files(), sweep_private_files()) == (1, 0)
    found = [storages["private"].exists(name) for name in (young, old, str(document.file.name))]
    assert found == [True, False, True]
