"""What a library editor does in the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template.response import TemplateResponse

from alliance.models import Event, Term
from knowledge.admin import ReportAdmin, upload_pdf
from knowledge.models import Edition, EditionFile, Report
from knowledge.permissions import load_rights
from organizations.groups import LIBRARY_EDITOR
from organizations.models import User
from tests.admin_requests import admin_request
from tests.knowledge.factories import add_pdf, make_report, pdf_file

MANAGEMENT = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}


@pytest.fixture
def editor(db: None) -> User:
    load_rights()
    editor = User.objects.create_user("edith@example.org", is_staff=True)
    editor.groups.add(Group.objects.get(name=LIBRARY_EDITOR))
    return editor


def sent(view: Callable[..., Any], by: User, data: dict[str, Any], *args: Any) -> HttpResponse:
    response = view(admin_request(by, data), *args)
    return response.render() if isinstance(response, TemplateResponse) else response


def inline(prefix: str, *forms: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    data = {f"{prefix}-{name}": value for name, value in MANAGEMENT.items()}
    data |= {f"{prefix}-TOTAL_FORMS": len(forms), f"{prefix}-INITIAL_FORMS": initial}
    for number, form in enumerate(forms):
        data |= {f"{prefix}-{number}-{name}": value for name, value in form.items()}
    return data


def report_admin() -> ReportAdmin:
    return ReportAdmin(Report, admin.site)


def test_editor_adds_a_report_with_its_author_and_edition(editor: User) -> None:
    theme = Term.objects.get(vocabulary="theme", code="health")
    typed = {
        "title": "Reading the Rain",
        "publisher": "Norec",
        "year": "2024",
        "status": "published",
        "source_url": "publisher.example/rain",
        "themes": [theme.pk],
        **inline("authors", {"position": 1, "given_name": "Ama", "family_name": "Mensah"}),
        **inline("editions", {"language": "en", "reading_html": "<p>x</p><script>1</script>"}),
    }
    response = sent(report_admin().add_view, editor, typed)
    assert response.status_code == 302, response.content.decode()
    report = Report.objects.with_people().get()
    edition = report.editions.get()
    assert (report.slug, report.origin) == ("reading-the-rain", "Norec, 2024")
    assert report.source_url == "https://publisher.example/rain"
    assert [str(person) for person in report.people] == ["Ama Mensah"]
    assert (edition.title, edition.reading_html) == ("Reading the Rain", "<p>x</p>")
    event = Event.objects.get()
    assert (event.name, event.actor_id, event.subject_id) == (
        "report.added",
        editor.pk,
        report.pk,
    )


def test_saving_makes_a_shipped_report_the_editors(editor: User) -> None:
    report = make_report(catalogue_key="shipped", catalogue_checksum="f" * 64)
    edition = report.editions.get()
    typed = {
        "title": "Better Title",
        "publisher": "Norec",
        "status": "published",
        **inline("authors"),
        **inline(
            "editions",
            {"id": edition.pk, "report": report.pk, "language": "en", "title": edition.title},
            initial=1,
        ),
    }
    response = sent(report_admin().change_view, editor, typed, str(report.pk))
    assert response.status_code == 302, response.content.decode()
    report.refresh_from_db()
    assert (report.title, report.catalogue_checksum) == ("Better Title", "")


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"status": "embargoed"}, "Say until when the report is embargoed."),
        ({"year": "2024", "date": "2023-05-01"}, "The date does not lie in the year given."),
        ({"doi": "doi:10.1"}, "Write a DOI as in 10.1000/182."),
        (
            {"source_url": "javascript:alert(1)"},
            "Please give a web address, as in https://example.org.",
        ),
    ],
)
def test_mistakes_are_told_beside_the_form(
    typed: dict[str, str], complaint: str, editor: User
) -> None:
    whole = {"title": "T", "publisher": "P", "status": "draft"} | typed
    whole |= inline("authors") | inline("editions", {"language": "en"})
    response = sent(report_admin().add_view, editor, whole)
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert Report.objects.count() == 0


def test_only_a_draft_can_be_deleted(editor: User) -> None:
    request = admin_request(editor)
    draft = make_report(status=Report.Status.DRAFT)
    published = make_report()
    assert report_admin().has_delete_permission(request, draft) is True
    assert report_admin().has_delete_permission(request, published) is False


def upload(by: User, edition: Edition, content: bytes, **more: str) -> HttpResponse:
    pdf = SimpleUploadedFile("Report.pdf", content, content_type="application/pdf")
    return sent(upload_pdf, by, {"pdf": pdf, **more}, edition.pk)


def test_one_upload_replaces_the_digest(editor: User) -> None:
    report = make_report(catalogue_key="shipped", catalogue_checksum="f" * 64)
    add_pdf(report, pages=2, is_digest=True)
    edition = report.editions.get()
    with pdf_file(9) as pdf:
        response = upload(editor, edition, pdf.read())
    assert response.status_code == 302
    current = edition.current_file
    assert current is not None
    assert (current.number, current.page_count, current.is_digest) == (2, 9, False)
    report.refresh_from_db()
    assert report.catalogue_checksum == ""
    assert Event.objects.filter(name="report.file_added", actor_id=editor.pk).count() == 1


def test_upload_that_is_no_pdf_is_refused_beside_the_field(editor: User) -> None:
    edition = make_report().editions.get()
    response = upload(editor, edition, b"MZ\x90\0 a program")
    assert response.status_code == 200
    assert "This file is not a PDF. Please choose another file." in response.content.decode()
    assert EditionFile.objects.count() == 0


def test_upload_needs_the_right(editor: User) -> None:
    edition = make_report().editions.get()
    reviewer = User.objects.create_user("ren@example.org", is_staff=True)
    with pytest.raises(PermissionDenied):
        upload(reviewer, edition, b"%PDF-1.7")


def test_page_of_a_report_lists_the_versions_of_its_pdf(editor: User) -> None:
    report = make_report()
    versions = [add_pdf(report, pages=1), add_pdf(report, pages=2)]
    request = admin_request(editor)
    response = report_admin().change_view(request, str(report.pk))
    assert isinstance(response, TemplateResponse)
    content = response.render().content.decode()
    for version in versions:
        assert f'href="{version.get_absolute_url()}"' in content
    assert f"/admin/knowledge/report/editions/{report.editions.get().pk}/upload/" in content
