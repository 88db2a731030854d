"""PDF files on their way in."""

import tempfile

import pytest
from django.conf import LazySettings
from django.core.files.base import File

from alliance.files.checks import FileRefused
from alliance.models import Event
from knowledge.importing import add_version
from knowledge.models import EditionFile
from organizations.models import User
from tests.knowledge import pdfs
from tests.knowledge.factories import add_pdf, make_report, pdf_file


def written(content: bytes) -> File:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes with the last reference
    file.write(content)
    file.seek(0)
    return File(file)


def test_file_is_kept_with_what_it_is() -> None:
    version = add_pdf(make_report(), pages=7)
    assert (version.number, version.page_count) == (1, 7)
    assert version.size == version.file.size
    assert (version.name, version.content_type) == ("reading-the-rain.pdf", "application/pdf")
    assert str(version.file.name).startswith("library/")


def test_another_file_is_another_version_and_the_old_one_stays() -> None:
    report = make_report()
    first, second = add_pdf(report, pages=1), add_pdf(report, pages=2)
    edition = report.editions.get()
    assert (first.number, second.number) == (1, 2)
    assert edition.current_file == second
    assert first.file.storage.exists(str(first.file.name))


def test_current_file_sent_twice_is_recognised() -> None:
    report = make_report()
    edition = report.editions.get()
    with pdf_file() as pdf:
        first = add_version(edition, pdf=pdf, is_digest=False, by=None)
        again = add_version(edition, pdf=pdf, is_digest=False, by=None)
    assert again == first
    assert EditionFile.objects.count() == 1


def test_earlier_file_can_be_made_the_current_one_again() -> None:
    edition = make_report().editions.get()
    with pdf_file(1) as old, pdf_file(2) as new:
        for pdf in (old, new, old):
            add_version(edition, pdf=pdf, is_digest=False, by=None)
    assert [file.page_count for file in edition.files.all()] == [1, 2, 1]


def test_event_says_who_added_the_file() -> None:
    editor = User.objects.create_user("edith@example.org")
    edition = make_report().editions.get()
    with pdf_file() as pdf:
        add_version(edition, pdf=pdf, is_digest=False, by=editor)
    event = Event.objects.get(name="report.file_added")
    assert (event.actor_id, event.data) == (editor.pk, {"version": 1})


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90\0", b"<html>%PD", b"\x89PNG\r\n\x1a\n", b" " * 2000 + b"%PDF-1.7"]
)
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    edition = make_report().editions.get()
    with pytest.raises(FileRefused, match="not a PDF"):
        add_version(edition, pdf=written(content), is_digest=False, by=None)
    assert EditionFile.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7\nnothing more", "damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 400, "damaged"),
        (pdfs.endless_tree(), "damaged"),
        (pdfs.locked(), "locked"),
        (pdfs.locked("secret"), "locked"),
        (pdfs.with_script(), "program code"),
        (pdfs.with_attachment(), "other files attached"),
    ],
    ids=["header", "noise", "tree", "restricted", "password", "script", "attachment"],
)
def test_what_cannot_be_opened_and_what_acts_is_refused_with_its_word(
    content: bytes, word: str
) -> None:
    edition = make_report().editions.get()
    with pytest.raises(FileRefused, match=word):
        add_version(edition, pdf=pdfs.opened(content), is_digest=False, by=None)
    assert EditionFile.objects.count() == 0


def test_what_publishers_put_into_their_files_is_taken() -> None:
    edition = make_report().editions.get()
    content = pdfs.opened(pdfs.with_what_publishers_add())
    version = add_version(edition, pdf=content, is_digest=False, by=None)
    assert version.page_count == 3


def test_file_waits_for_the_scan_and_for_its_text(settings: LazySettings) -> None:
    without = add_pdf(make_report())
    assert (without.scan, without.scan_due_at, without.text_state) == ("not_scanned", None, "due")
    settings.CLAMD_URL = "tcp://127.0.0.1:3310"
    waiting = add_pdf(make_report())
    assert (waiting.scan, waiting.scan_due_at is None) == ("waiting", False)
