"""What a library editor does on the page of a report in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.models import Event, Term
from knowledge.models import Edition, Report
from organizations.models import User
from tests import factories
from tests.knowledge.factories import add_pdf, make_report

MANAGEMENT = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
ADD = "/admin/knowledge/report/add/"


@pytest.fixture
def client(library_editor: User) -> Client:
    return factories.logged_in(library_editor)


def page_of(report: Report) -> str:
    return reverse("admin:knowledge_report_change", args=[report.pk])


def inline(prefix: str, *forms: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    data = {f"{prefix}-{name}": value for name, value in MANAGEMENT.items()}
    data |= {f"{prefix}-TOTAL_FORMS": len(forms), f"{prefix}-INITIAL_FORMS": initial}
    for number, form in enumerate(forms):
        data |= {f"{prefix}-{number}-{name}": value for name, value in form.items()}
    return data


def as_saved(report: Report, **changes: Any) -> dict[str, Any]:
    """What the page of a report with one edition sends."""
    edition = report.editions.get()
    edition_changes = changes.pop("edition", {})
    fields = {"id": edition.pk, "report": report.pk, "language": "en", "title": edition.title}
    return (
        {"title": report.title, "publisher": report.publisher, "year": report.year}
        | changes
        | inline("authors")
        | inline("editions", fields | edition_changes, initial=1)
    )


def test_editor_adds_a_report_with_its_author_and_edition(
    client: Client, library_editor: User
) -> None:
    theme = Term.objects.get(vocabulary="theme", code="health")
    typed = {
        "title": "Reading the Rain",
        "publisher": "Norec",
        "year": "2024",
        "source_url": "publisher.example/rain",
        "themes": [theme.pk],
        **inline("authors", {"position": 1, "given_name": "Ama", "family_name": "Mensah"}),
        **inline("editions", {"language": "en", "reading_html": "<p>x</p><script>1</script>"}),
    }
    response = client.post(ADD, typed)
    assert response.status_code == 302, response.content.decode()
    report = Report.objects.with_people().get()
    edition = report.editions.get()
    assert (report.slug, report.origin) == ("reading-the-rain", "Norec, 2024")
    assert report.source_url == "https://publisher.example/rain"
    assert [str(person) for person in report.people] == ["Ama Mensah"]
    assert (edition.title, edition.reading_html) == ("Reading the Rain", "<p>x</p>")
    event = Event.objects.get()
    expected = ("report.added", library_editor.pk, report.pk)
    assert (event.name, event.actor_id, event.subject_id) == expected
    assert report.status == Report.Status.DRAFT


def test_saving_makes_a_shipped_report_the_editors(client: Client) -> None:
    report = make_report(catalogue_key="shipped", catalogue_checksum="f" * 64)
    response = client.post(page_of(report), as_saved(report, title="Better Title"))
    assert response.status_code == 302, response.content.decode()
    report.refresh_from_db()
    assert (report.title, report.catalogue_checksum) == ("Better Title", "")
    assert report.status == Report.Status.PUBLISHED  # the form does not speak of it


def test_a_new_title_reaches_the_edition_that_had_the_old_one(client: Client) -> None:
    report = make_report("Scan 0042", languages=["en", "fr"])
    report.editions.filter(language="fr").update(title="La pluie")
    editions = report.editions.order_by("language")
    typed = {"title": "Reading the Rain", "publisher": "Norec", **inline("authors")} | inline(
        "editions",
        *(
            {"id": one.pk, "report": report.pk, "language": one.language, "title": one.title}
            for one in editions
        ),
        initial=2,
    )
    assert client.post(page_of(report), typed).status_code == 302
    assert [one.title for one in editions.all()] == ["Reading the Rain", "La pluie"]


def test_saving_without_a_change_is_no_event(client: Client) -> None:
    report = make_report()
    assert client.post(page_of(report), as_saved(report)).status_code == 302
    assert Event.objects.count() == 0
    client.post(page_of(report), as_saved(report, edition={"abstract": "New."}))
    assert Event.objects.get().name == "report.changed"


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"year": "2024", "date": "2023-05-01"}, "The date does not lie in the year given."),
        ({"doi": "doi:10.1"}, "Write a DOI as in 10.1000/182."),
        (
            {"source_url": "javascript:alert(1)"},
            "Please give a web address, as in https://example.org.",
        ),
    ],
)
def test_mistakes_are_told_beside_the_form(
    typed: dict[str, str], complaint: str, client: Client
) -> None:
    whole = {"title": "T", "publisher": "P"} | typed
    whole |= inline("authors") | inline("editions", {"language": "en"})
    response = client.post(ADD, whole)
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert Report.objects.count() == 0


def test_only_a_draft_can_be_deleted(client: Client) -> None:
    draft = make_report(status=Report.Status.DRAFT)
    published = make_report()
    addresses = [
        reverse("admin:knowledge_report_delete", args=[report.pk]) for report in (draft, published)
    ]
    answers = [client.post(address, {"post": "yes"}).status_code for address in addresses]
    assert answers == [302, 403]
    assert list(Report.objects.all()) == [published]


def test_page_of_a_report_lists_the_versions_of_its_pdf(client: Client) -> None:
    report = make_report()
    versions = [add_pdf(report, pages=1), add_pdf(report, pages=2)]
    content = client.get(page_of(report)).content.decode()
    for version in versions:
        assert f'href="{version.get_absolute_url()}"' in content
    assert f"/admin/knowledge/report/editions/{report.editions.get().pk}/upload/" in content
    assert "1 page, Being read" in content
    assert "2 pages, Being read" in content


def test_page_of_a_draft_says_what_is_missing(client: Client) -> None:
    report = make_report(status=Report.Status.DRAFT, publisher="")
    content = client.get(page_of(report)).content.decode()
    for words in (
        "The publisher.",
        "An abstract in English.",
        "Something to read: the PDF, or a reading edition.",
        "The licence, or the address at the publisher.",
    ):
        assert f"<li>{words}</li>" in content
    assert "<li>A title.</li>" not in content


def test_save_and_preview_leads_to_the_page_that_readers_will_see(client: Client) -> None:
    report = make_report(status=Report.Status.DRAFT)
    response = client.post(page_of(report), as_saved(report) | {"_preview": "1"}, follow=True)
    assert response.redirect_chain == [(report.get_absolute_url(), 302)]
    content = response.content.decode()
    assert "This is a preview" in content
    assert f'href="{page_of(report)}"' in content
    assert Client().get(report.get_absolute_url()).status_code == 404


def test_list_shows_the_cover_and_what_reading_came_to(client: Client) -> None:
    report = make_report()
    file = add_pdf(report)
    file.cover.name, file.text_state = "ab/cover.webp", file.Text.EMPTY
    file.save()
    content = client.get("/admin/knowledge/report/").content.decode()
    assert (
        '<img src="/media/ab/cover.webp" alt="" width="42" height="56" loading="lazy">' in content
    )
    assert "No text: its pages are pictures" in content


def test_reviewers_see_nothing_of_the_librarys_admin(reviewer_client: Client) -> None:
    report = make_report()
    edition = Edition.objects.get()
    for address in (
        page_of(report),
        ADD,
        "/admin/knowledge/report/",
        reverse("admin:knowledge_report_add_pdfs"),
        reverse("admin:knowledge_edition_upload", args=[edition.pk]),
        reverse("admin:knowledge_report_retire", args=[report.pk]),
    ):
        assert reviewer_client.get(address).status_code == 403, address
