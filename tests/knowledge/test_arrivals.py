"""PDFs that an editor drops: drafts of their own, next versions, the same file twice."""

import html
import io
import re
import tempfile
from functools import cache
from typing import cast

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from alliance.models import Event
from knowledge.actions.arrivals import title_from
from knowledge.drafts import fill_in_language, is_title
from knowledge.importing import add_version
from knowledge.models import Edition, EditionFile, Report
from knowledge.tasks import read_again, read_due_files
from organizations.models import User
from tests import factories
from tests.alliance.files import paper_samples as papers
from tests.alliance.files import samples
from tests.knowledge import pdfs
from tests.knowledge.factories import add_pdf, make_report, pdf_file

ADD = "/admin/knowledge/report/add-pdfs/"


@pytest.fixture
def client(library_editor: User) -> Client:
    return factories.logged_in(library_editor)


@cache
def pdf_bytes(pages: int, width: int) -> bytes:
    """The same bytes each time: the library that makes them marks each file anew."""
    with pdf_file(pages, width) as pdf:
        return pdf.read()


def add(report: Report, pages: int) -> EditionFile:
    """Give the report's edition the PDF that `sound` drops."""
    with tempfile.TemporaryFile() as file:
        file.write(pdf_bytes(pages, 200))
        return add_version(report.editions.get(), pdf=file, is_digest=False, by=None)


def sound(
    width: int = 200, name: str = "Reading_the_Rain.pdf", pages: int = 2
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes(pages, width), content_type="application/pdf")


def drop(client: Client, *files: SimpleUploadedFile) -> str:
    """Drop them, and read what is said then."""
    response = client.post(ADD, {"pdfs": list(files)}, follow=True)
    assert response.redirect_chain == [(ADD, 302)], response.content.decode()
    return response.content.decode()


def upload(client: Client, edition: Edition, pdf: SimpleUploadedFile) -> HttpResponse:
    address = reverse("admin:knowledge_edition_upload", args=[edition.pk])
    return cast(HttpResponse, client.post(address, {"pdf": pdf}))


def test_each_dropped_pdf_becomes_a_draft(client: Client, library_editor: User) -> None:
    content = drop(client, sound(), sound(300, "Second.pdf"))
    assert "2 drafts were made." in content
    assert "0 of 2 are read." in content
    first, second = Report.objects.order_by("pk")
    assert [(one.title, one.status) for one in (first, second)] == [
        ("Reading the Rain", "draft"),
        ("Second", "draft"),
    ]
    file = EditionFile.objects.get(edition__report=first)
    assert (file.number, file.page_count, file.added_by) == (1, 2, library_editor)
    added = Event.objects.filter(name="report.added").values_list("actor_id", "subject_id")
    assert set(added) == {(library_editor.pk, first.pk), (library_editor.pk, second.pk)}


def test_a_refused_pdf_says_why_and_the_others_go_in(client: Client) -> None:
    torn = SimpleUploadedFile("Torn.pdf", b"%PDF-1.7\n" + 99 * b"torn ", "application/pdf")
    content = drop(client, sound(), torn)
    assert "“Torn.pdf”: This PDF cannot be opened" in content
    assert [report.title for report in Report.objects.all()] == ["Reading the Rain"]


def test_other_kinds_of_files_are_refused_beside_the_field(client: Client) -> None:
    program = SimpleUploadedFile("Report.pdf", b"MZ\x90\0" + 99 * b"program ", "application/pdf")
    response = client.post(ADD, {"pdfs": [program]})
    assert response.status_code == 422
    assert "“Report.pdf”: This file is a program" in response.content.decode()
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (papers.office("docx"), "This file is not a PDF. Please choose another file."),
        (papers.OLE, "This file is not a PDF. Please choose another file."),
        (samples.logo(), "This file is not a PDF. Please choose another file."),
        (samples.SVG, "This is a file of the kind SVG. Please choose a PDF."),
    ],
    ids=["docx", "doc", "png", "svg"],
)
def test_of_another_kind_of_document_it_says_that_only_a_pdf_helps(
    client: Client, content: bytes, words: str
) -> None:
    """Whatever it is called, and whether or not a PDF comes with it."""
    for name in ("Report.pdf", "Report.docx"):
        file = SimpleUploadedFile(name, content + bytes(40), content_type="application/pdf")
        response = client.post(ADD, {"pdfs": [file]})
        assert response.status_code == 422
        assert f"“{name}”: {words}" in response.content.decode()


def test_a_document_that_a_script_sends_ahead_is_refused_before_it_is_sent(client: Client) -> None:
    page = client.get(ADD).content.decode()
    found = re.search('data-ticket="([^"]+)"', page)
    assert found
    sent = {"ticket": html.unescape(found[1]), "name": "Report.docx", "size": 5000}
    answer = client.post(reverse("upload_start"), sent)
    assert answer.status_code == 422
    words = "Files whose name ends in “.docx” are not taken. Please choose a PDF."
    assert answer.json()["refused"] == words
    assert client.post(reverse("upload_start"), sent | {"name": "Report.pdf"}).status_code == 201


def test_the_same_file_twice_makes_one_draft_and_leads_to_it(client: Client) -> None:
    drop(client, sound())
    report = Report.objects.get()
    content = drop(client, sound(name="Under another name.pdf"))
    page = reverse("admin:knowledge_report_change", args=[report.pk])
    known = f'as the current version of <a href="{page}">Reading the Rain</a>'
    assert f"The library has this file already, {known}" in content
    assert Report.objects.count() == 1


def test_a_file_that_is_an_old_version_is_recognised_as_such(client: Client) -> None:
    report = make_report("Old and New")
    add(report, pages=2)
    add(report, pages=9)
    content = drop(client, sound())
    page = reverse("admin:knowledge_report_change", args=[report.pk])
    assert f'as an old version (1) of <a href="{page}">Old and New</a>' in content
    assert Report.objects.count() == 1


def test_a_title_with_markup_is_shown_as_it_is(client: Client) -> None:
    add(make_report("<b>Rain</b>"), pages=2)
    content = drop(client, sound())
    assert "&lt;b&gt;Rain&lt;/b&gt;</a>" in content
    assert "<b>Rain</b>" not in content


def test_one_upload_replaces_the_digest_and_the_old_version_stays(client: Client) -> None:
    report = make_report(catalogue_key="shipped", catalogue_checksum="f" * 64)
    old = add_pdf(report, pages=2, is_digest=True)
    edition = report.editions.get()
    assert upload(client, edition, sound(pages=9)).status_code == 302
    current = edition.current_file
    assert current is not None
    assert (current.number, current.page_count, current.is_digest) == (2, 9, False)
    report.refresh_from_db()
    assert report.catalogue_checksum == ""
    for version in (old, current):
        served = Client().get(version.get_absolute_url())
        assert (served.status_code, served["ETag"]) == (200, f'"{version.sha256}"')


def test_upload_of_the_current_version_changes_nothing(client: Client) -> None:
    report = make_report()
    add(report, pages=2)
    response = upload(client, report.editions.get(), sound())
    assert response.status_code == 422
    assert "This is the current version already" in response.content.decode()
    assert EditionFile.objects.count() == 1


def test_upload_of_another_reports_file_names_that_report(client: Client) -> None:
    add(make_report("The Other One"), pages=2)
    edition = make_report().editions.get()
    response = upload(client, edition, sound())
    assert "as a version of “The Other One”" in response.content.decode()
    assert EditionFile.objects.count() == 1


def test_upload_that_is_no_pdf_is_refused_beside_the_field(client: Client) -> None:
    edition = make_report().editions.get()
    program = SimpleUploadedFile("Report.pdf", b"MZ\x90\0" + 99 * b"program ", "application/pdf")
    response = upload(client, edition, program)
    assert response.status_code == 422
    assert "This file is a program" in response.content.decode()
    assert EditionFile.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({}, "fr"),
        ({"publisher": "Norec"}, "en"),
        ({"edition_abstract": "Written."}, "en"),
        ({"status": "published"}, "en"),
    ],
)
def test_a_draft_that_nobody_wrote_in_gets_the_language_found(
    given: dict[str, str], language: str
) -> None:
    file = add_pdf(make_report(**{"status": "draft", "publisher": ""} | given))
    file.language_found = "fr"
    fill_in_language(file)
    assert Edition.objects.get().language == language


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("A_b  c.pdf", "A b c"),
        (".pdf", ".pdf"),
        ("___", "Untitled"),
        ("x" * 400 + ".pdf", "x" * 300),
    ],
)
def test_a_files_name_gives_the_first_title(name: str, title: str) -> None:
    assert title_from(name) == title


def named(pdf: bytes, title: str) -> SimpleUploadedFile:
    """The PDF with a title among its own facts."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.docinfo["/Title"] = title
        return SimpleUploadedFile("scan_0042.pdf", pdfs.saved(opened), "application/pdf")


LARGE = "#text(24pt)[Reading the Rain]\n\n#text(14pt)[A study]\n\n" + 30 * "Rain came late. "


def test_a_draft_is_called_what_its_pdf_says_it_is_called(client: Client) -> None:
    drop(client, named(pdfs.typeset(LARGE), "When Rain Comes Late"))
    assert Report.objects.get().title == "scan 0042"
    read_due_files()
    report = Report.objects.get()
    assert (report.title, report.slug) == ("When Rain Comes Late", "when-rain-comes-late")
    assert report.editions.get().title == report.title
    assert client.get(report.get_absolute_url()).status_code == 200


def test_a_pdf_that_is_named_by_a_program_gives_what_stands_largest_on_its_first_page(
    client: Client,
) -> None:
    drop(client, named(pdfs.typeset(LARGE), "Microsoft Word - final_v3.docx"))
    read_due_files()
    assert Report.objects.get().title == "Reading the Rain"


def test_a_pdf_that_says_neither_keeps_the_name_of_its_file(client: Client) -> None:
    drop(client, named(pdfs.typeset(30 * "Rain came late. "), "untitled-2"))
    read_due_files()
    assert Report.objects.get().title == "scan 0042"


def test_a_title_that_an_editor_wrote_stays(client: Client) -> None:
    drop(client, named(pdfs.typeset(LARGE), "When Rain Comes Late"))
    report = Report.objects.get()
    own = report.editions.get()
    own.title = "Mine"
    own.save()
    read_due_files()
    assert report.editions.get().title == "Mine"
    Report.objects.update(title="Written")
    read_again()
    read_due_files()
    assert Report.objects.get().title == "Written"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Microsoft Word - Report.docx",
            "report_final_v3.pdf",
            "untitled",
            "Document1",
            "Layout 1",
        ),
        *("0042", "...", "SSC_2019_v3", "https://a.example/x", "Slide 1", "abc", 301 * "x", ""),
    ],
)
def test_what_programs_write_is_no_title(text: str) -> None:
    assert not is_title(text)


@pytest.mark.parametrize(
    "text",
    ["Reading the Rain", "Resilience", "Report 2019 on rain", "通过雨水", "Title IX in practice"],
)
def test_what_people_write_is_a_title(text: str) -> None:
    assert is_title(text)
