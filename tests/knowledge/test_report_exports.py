"""Reports taken out in the admin: made once, for one editor's eyes, and taken in again unchanged."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.files.keeping import drop_files_without_row
from alliance.models import Event
from alliance.models.upload import staging_folder
from knowledge.actions import report_exports
from knowledge.actions.report_exports import make_due_exports
from knowledge.actions.table_imports import run_due_imports
from knowledge.models import EditionFile, Report, ReportExport, TableImport
from knowledge.retention import forget_report_exports
from organizations.models import User
from tests import factories
from tests.knowledge.factories import add_pdf, make_report

LIST = "/admin/knowledge/report/"
ASK = f"{LIST}export/"


@pytest.fixture(autouse=True)
def files_of_this_test() -> None:
    """Exports stay in the storage that the process began with, as where the portal runs."""


@pytest.fixture
def client(library_editor: User) -> Client:
    return factories.logged_in(library_editor)


@pytest.fixture
def reports() -> list[Report]:
    """Two that readers see, the one with a PDF, and a draft with a PDF."""
    rain = make_report(
        "=Rain",
        edition_abstract="Words; “more”,\n\n'words'.",
        authors=[("Ama", "Mensah, the younger", "Dr")],
        themes=["health"],
        countries=["MW"],
        languages=["en", "fr"],
    )
    add_pdf(rain, pages=2, is_digest=True)
    sun = make_report("Sun")
    draft = make_report("Draft", status=Report.Status.DRAFT)
    add_pdf(draft, width=210)
    return [rain, sun, draft]


def asked(client: Client, query: str = "", file_format: str = "zip") -> ReportExport:
    response = client.post(f"{ASK}{query}", {"format": file_format})
    assert response.status_code == 302, response.content.decode()
    return ReportExport.objects.latest("pk")


def made(client: Client, query: str = "", file_format: str = "zip") -> ReportExport:
    export = asked(client, query, file_format)
    assert make_due_exports() == 1
    export.refresh_from_db()
    return export


def page(client: Client, export: ReportExport) -> str:
    return client.get(f"{ASK}{export.pk}/").content.decode()


def downloaded(client: Client, export: ReportExport) -> bytes:
    response = cast(FileResponse, client.get(f"{ASK}{export.pk}/download/"))
    return b"".join(cast(Iterator[bytes], response.streaming_content))


def numbers(table: bytes) -> list[int]:
    return [int(line.partition(b",")[0]) for line in table.splitlines() if line[:1].isdigit()]


def imported(client: Client, content: bytes, name: str) -> str:
    client.post(f"{LIST}import/", {"table": SimpleUploadedFile(name, content)})
    assert run_due_imports() == 1
    return client.get(f"{LIST}import/{TableImport.objects.latest('pk').pk}/").content.decode()


def kept_files() -> set[Path]:
    """What the private storage has of exports, and what lies in the staging folder half-written."""
    folders = (Path(storages["private"].path(ReportExport.FOLDER)), staging_folder())
    return {path for folder in folders if folder.exists() for path in folder.iterdir()}


def test_the_list_leads_there_with_its_filters(client: Client, reports: list[Report]) -> None:
    content = client.get(f"{LIST}?status__exact=draft").content.decode()
    assert f'href="{ASK}?status__exact=draft"' in content
    asking = client.get(f"{ASK}?status__exact=draft").content.decode()
    assert "has one report." in asking
    assert f'href="{LIST}?status__exact=draft"' in asking
    assert "has 3 reports." in client.get(ASK).content.decode()


@pytest.mark.parametrize(
    ("query", "found"), [("", [0, 1, 2]), ("?q=sun&p=7", [1]), ("?editions__language=fr", [0])]
)
def test_the_file_has_the_reports_of_the_list_as_it_is_filtered(
    client: Client, reports: list[Report], query: str, found: list[int]
) -> None:
    table = downloaded(client, made(client, query, "csv"))
    assert numbers(table) == [reports[number].pk for number in found]


def test_the_zip_holds_the_table_packed_and_the_pdfs_as_they_are(
    client: Client, reports: list[Report]
) -> None:
    export = made(client)
    assert "Ready: 3 reports" in page(client, export)
    with zipfile.ZipFile(io.BytesIO(downloaded(client, export))) as archive:
        kinds = {entry.filename: entry.compress_type for entry in archive.infolist()}
        first = archive.read(f"files/{reports[0].pk}-rain-en.pdf")
    assert kinds == {
        f"files/{reports[0].pk}-rain-en.pdf": zipfile.ZIP_STORED,
        f"files/{reports[2].pk}-draft-en.pdf": zipfile.ZIP_STORED,
        "reports.csv": zipfile.ZIP_DEFLATED,
    }
    with EditionFile.objects.get(edition__report=reports[0]).file.open("rb") as file:
        assert first == file.read()


@pytest.mark.parametrize("file_format", ["zip", "csv"])
def test_what_was_taken_out_and_is_taken_in_again_changes_nothing(
    client: Client, reports: list[Report], file_format: str
) -> None:
    content = downloaded(client, made(client, file_format=file_format))
    said = imported(client, content, f"reports.{file_format}")
    assert "There is nothing to do." in said
    table = TableImport.objects.get()
    assert (table.same, table.changed, table.added, table.wrong) == (3, 0, 0, 0)


def test_a_lost_and_an_uncleared_pdf_are_named_and_fail_nothing(
    client: Client, reports: list[Report]
) -> None:
    lost, infected = EditionFile.objects.order_by("edition__report__pk")
    storages["private"].delete(str(lost.file.name))
    EditionFile.objects.filter(pk=infected.pk).update(
        scan=EditionFile.Scan.REFUSED, scanned_at=timezone.now(), scan_due_at=None
    )
    export = made(client)
    content = page(client, export)
    assert "2 PDFs are left out" in content
    assert '<th scope="row">2</th><td>file_en</td><td>The portal has lost this PDF:' in content
    assert '<th scope="row">4</th><td>file_en</td><td>No virus scan has cleared' in content
    whole = downloaded(client, export)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.namelist() == ["reports.csv"]
    assert "There is nothing to do." in imported(client, whole, "reports.zip")


def test_the_page_says_how_far_it_is(client: Client, reports: list[Report]) -> None:
    content = page(client, asked(client))
    assert "Being made: 0 of 3 reports." in content
    assert "data-waits" in content
    assert "/download/" not in content


def test_asking_twice_makes_one(client: Client, reports: list[Report]) -> None:
    assert asked(client) == asked(client)
    assert asked(client, file_format="csv").pk
    assert make_due_exports() == 2
    assert make_due_exports() == 0


def test_nobody_fills_the_disk(client: Client, reports: list[Report]) -> None:
    for _number in range(5):
        export = made(client)
    response = client.post(ASK, {"format": "zip"})
    assert response.status_code == 422
    assert "You have five exports already." in response.content.decode()
    assert response.content.decode().count("Ready, ") == 5
    client.post(f"{ASK}{export.pk}/drop/")
    assert asked(client).pk != export.pk


def test_an_empty_list_is_not_made(client: Client) -> None:
    response = client.post(ASK, {"format": "zip"})
    assert response.status_code == 422
    assert "There are no reports in this list." in response.content.decode()


def test_a_worker_that_dies_leaves_nothing_and_the_next_makes_it(
    client: Client, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object) -> None:
        raise SystemExit

    export, before = asked(client), kept_files()
    with monkeypatch.context() as broken:
        broken.setattr(report_exports, "_keep", dies)
        with pytest.raises(SystemExit):
            make_due_exports()
    assert kept_files() == before
    assert make_due_exports() == 0  # the dead one's hold is not over
    ReportExport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert make_due_exports() == 1
    export.refresh_from_db()
    assert (export.attempts, export.done, len(kept_files() - before)) == (2, 3, 1)


def test_a_worker_that_was_overtaken_keeps_nothing(
    client: Client, reports: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    export, keep = asked(client), report_exports._keep

    def late(*given: object) -> None:
        ReportExport.objects.update(attempts=2)
        monkeypatch.setattr(report_exports, "_TOLD_EVERY", 3600.0)  # it does not notice before
        keep(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(report_exports, "_keep", late)
    before = kept_files()
    assert make_due_exports() == 0
    export.refresh_from_db()
    assert (export.made_at, kept_files()) == (None, before)


def test_after_three_workers_that_died_it_is_given_up(
    client: Client, reports: list[Report]
) -> None:
    export = asked(client)
    ReportExport.objects.update(attempts=ReportExport.MOST_ATTEMPTS)
    assert make_due_exports() == 0
    assert "This could not be made." in page(client, export)


def test_a_report_that_went_meanwhile_is_left_out(client: Client, reports: list[Report]) -> None:
    export = asked(client, file_format="csv")
    reports[1].delete()
    make_due_exports()
    export.refresh_from_db()
    assert numbers(downloaded(client, export)) == [reports[0].pk, reports[2].pk]
    assert (export.total, export.done) == (2, 2)


def test_a_colleague_neither_sees_nor_drops_it(
    client: Client, reports: list[Report], administrator: User
) -> None:
    export, other = made(client), factories.logged_in(administrator)
    assert other.get(f"{ASK}{export.pk}/").status_code == 404
    assert other.get(f"{ASK}{export.pk}/download/").status_code == 404
    assert other.post(f"{ASK}{export.pk}/drop/").status_code == 404
    assert f"{ASK}{export.pk}/" not in other.get(ASK).content.decode()


def test_who_lost_the_right_gets_nothing_any_more(
    client: Client, reports: list[Report], library_editor: User
) -> None:
    ready, waiting = made(client), asked(client, file_format="csv")
    library_editor.groups.set([factories.staff("Reviewer").groups.get()])
    assert client.get(f"{ASK}{ready.pk}/download/").status_code == 403
    assert make_due_exports() == 0
    waiting.refresh_from_db()
    assert waiting.has_failed


def test_it_goes_after_a_day_with_its_file(
    client: Client,
    reports: list[Report],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    export = made(client)
    name = str(export.file.name)
    orphan = storages["private"].save(f"{ReportExport.FOLDER}/reports.zip", export.file)
    ReportExport.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert client.get(f"{ASK}{export.pk}/download/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        forget_report_exports(timezone.now() - ReportExport.KEPT_FOR)
    assert not ReportExport.objects.exists()
    private = storages["private"]
    assert (private.exists(name), private.exists(orphan)) == (False, True)
    drop_files_without_row(ReportExport, ReportExport.FOLDER, timezone.now() + timedelta(hours=1))
    assert not private.exists(orphan)


def test_the_trail_says_who_took_it_and_nothing_of_what_is_in_it(
    client: Client, reports: list[Report], library_editor: User
) -> None:
    export = made(client)
    downloaded(client, export)
    client.post(f"{ASK}{export.pk}/drop/")
    events = Event.objects.filter(name__startswith="report_export.").order_by("pk")
    assert [(event.name, event.actor_id) for event in events] == [
        ("report_export.requested", library_editor.pk),
        ("report_export.made", None),
        ("report_export.downloaded", library_editor.pk),
        ("report_export.dropped", library_editor.pk),
    ]


@pytest.mark.parametrize("query", ["kind=%00", "status__foo=1", "o=x", "p=-1", "e=1", "q=%ff"])
def test_no_query_string_breaks_the_page(client: Client, query: str) -> None:
    client.raise_request_exception = False
    assert client.get(f"{ASK}?{query}").status_code in {200, 302, 400, 404}
