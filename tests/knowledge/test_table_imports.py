"""A table that an editor sends: tried first, shown with its mistakes, taken over whole or not."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from alliance.files.staging import sweep_staging
from alliance.models import Event, StagedUpload
from knowledge.actions.table_imports import run_due_imports
from knowledge.exchange.writing import write_table
from knowledge.models import Edition, EditionFile, Report, TableImport
from organizations.models import User
from tests import factories
from tests.knowledge.factories import add_pdf, make_report, pdf_file

SEND = "/admin/knowledge/report/import/"
HEADING = "title;publisher;year;themes;abstract_en;source_url"
GOOD = f"{HEADING}\nRain;Norec;2019;health;Words.;https://a.example/\nSün;Norec;2020;;Words.;\n"


@pytest.fixture
def client(library_editor: User) -> Client:
    return factories.logged_in(library_editor)


def sent(client: Client, content: bytes, name: str = "reports.csv") -> HttpResponse:
    return cast(HttpResponse, client.post(SEND, {"table": SimpleUploadedFile(name, content)}))


def page(client: Client) -> str:
    number = TableImport.objects.latest("pk").pk
    return client.get(f"{SEND}{number}/").content.decode()


def tried(client: Client, content: bytes, name: str = "reports.csv") -> str:
    """Send it, let the worker try it, and read what is said then."""
    response = sent(client, content, name)
    assert response.status_code == 302, response.content.decode()
    assert run_due_imports() == 1
    return page(client)


def taken(client: Client) -> str:
    number = TableImport.objects.latest("pk").pk
    client.post(f"{SEND}{number}/take/")
    run_due_imports()
    return page(client)


def archive(table: bytes, **files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("reports.csv", table)
        for name, content in files.items():
            made.writestr(f"files/{name}.pdf", content)
    return file.getvalue()


def pdf_bytes(width: int = 200) -> bytes:
    with pdf_file(2, width) as pdf:
        return pdf.read()


def as_taken_out() -> tuple[bytes, dict[str, bytes]]:
    """The library as an export has it: the table, and the files beside it."""
    table, files = io.BytesIO(), {}
    write_table(Report.objects.all(), table, lambda name, pdf: files.update({name: pdf.read()}))
    return table.getvalue(), files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_a_table_is_tried_then_taken_over_by_one_button(
    client: Client, library_editor: User, encoding: str
) -> None:
    content = tried(client, GOOD.encode(encoding))
    assert "All rows are right. Nothing is changed yet." in content
    assert "Take it over" in content
    assert "Sün" in content
    assert Report.objects.count() == 0
    assert "Taken over." in taken(client)
    assert [report.title for report in Report.objects.order_by("pk")] == ["Rain", "Sün"]
    added = Event.objects.filter(name="report.added")
    assert [event.actor_id for event in added] == 2 * [library_editor.pk]


def test_while_it_waits_the_page_says_how_far_it_is(client: Client) -> None:
    sent(client, GOOD.encode())
    content = page(client)
    assert "Being tried: 0 of 0 rows." in content
    assert "data-waits" in content
    assert "Take it over" not in content


def test_every_mistake_is_told_with_row_column_value_and_the_nearest_right_one(
    client: Client,
) -> None:
    bad = GOOD + "Third;Norec;soon;helth;Words.;\n"
    content = tried(client, bad.encode())
    assert "One row is wrong." in content
    for told in ('<th scope="row">4</th><td>year</td>', "“helth”", "health", "“soon”"):
        assert told in content, told
    assert "Take it over" not in content
    taken(client)
    assert Report.objects.count() == 0


def test_an_unknown_column_refuses_the_whole_table(client: Client) -> None:
    content = tried(client, b"titel,year\nA,2019\n")
    assert "This table cannot be read. Nothing was changed." in content
    assert "Did you mean “title”?" in content


def test_a_zip_brings_its_pdfs_and_the_second_time_there_is_nothing_to_do(client: Client) -> None:
    rows = f"{HEADING};file_en\nRain;Norec;2019;;Words.;;files/rain.pdf\n"
    zipped = archive(rows.encode(), rain=pdf_bytes())
    assert "All rows are right." in tried(client, zipped, "library.zip")
    assert EditionFile.objects.count() == 0
    assert "Taken over." in taken(client)
    file = EditionFile.objects.get()
    assert (file.page_count, file.edition.report.title) == (2, "Rain")
    assert "There is nothing to do." in tried(client, zipped, "library.zip")


def test_a_table_that_was_taken_out_comes_back_without_its_pdfs(client: Client) -> None:
    report = make_report("Rain", edition_abstract="Words.", licence="CC BY 4.0")
    add_pdf(report)
    table, files = as_taken_out()
    assert list(files) == [f"files/{report.pk}-rain-en.pdf"]
    assert "There is nothing to do." in tried(client, table)
    changed = table.replace(b"Norec", b"NOREC")
    assert "<td>publisher</td>" in tried(client, changed)
    taken(client)
    report.refresh_from_db()
    assert report.publisher == "NOREC"
    assert EditionFile.objects.count() == 1


def test_a_new_row_with_a_pdf_asks_for_the_zip(client: Client) -> None:
    content = tried(client, b"title,file_en\nRain,files/rain.pdf\n")
    assert "Send the table in a ZIP together with this PDF: “files/rain.pdf”." in content


def test_what_went_wrong_since_the_trial_changes_nothing_at_all(client: Client) -> None:
    report = make_report("Old", edition_abstract="Words.")
    rows = f"id,title,year\n,New,2020\n{report.pk},Older,2019\n"
    assert "All rows are right." in tried(client, rows.encode())
    Edition.objects.filter(report=report).delete()
    Report.objects.filter(pk=report.pk).delete()
    content = taken(client)
    assert "One row is wrong." in content
    assert Report.objects.count() == 0


def test_a_worker_that_dies_while_taking_over_leaves_nothing_and_another_does_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(client, GOOD.encode())
    with monkeypatch.context() as broken:
        broken.setattr("knowledge.actions.table_imports._settle", dies)
        with pytest.raises(SystemExit):
            taken(client)
    assert Report.objects.count() == 0
    assert run_due_imports() == 0  # the dead one's minute is not over
    TableImport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert run_due_imports() == 1
    assert Report.objects.count() == 2


def dies(*_args: object, **_named: object) -> None:
    raise SystemExit


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7\n" + 99 * b"x", "neither a CSV nor a ZIP"),
        (b"MZ\x90\0" + 99 * b"x", "neither a CSV nor a ZIP"),
        (b"\xd0\xcf\x11\xe0" + 99 * b"\0", "neither a CSV nor a ZIP"),
        (b"PK\x03\x04" + 99 * b"x", "damaged"),
        # Its bytes tell when it was made, so they cannot name the test.
        pytest.param(archive(b"title\nA\n")[:-30], "damaged", id="cut off"),
        (b"", "empty"),
    ],
)
def test_what_is_no_table_is_refused_beside_the_field(
    client: Client, content: bytes, why: str
) -> None:
    response = sent(client, content, "reports.csv")
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not StagedUpload.objects.exists()


def test_a_hostile_pdf_in_a_zip_is_a_mistake_of_its_row(client: Client) -> None:
    rows = b"title,file_en\nRain,files/rain.pdf\n"
    content = tried(client, archive(rows, rain=b"%PDF-1.7\n" + 99 * b"torn "))
    assert '<th scope="row">2</th><td>file_en</td><td>This PDF cannot be opened' in content


def test_a_colleague_neither_sees_nor_takes_it(client: Client, administrator: User) -> None:
    tried(client, GOOD.encode())
    number = TableImport.objects.get().pk
    other = factories.logged_in(administrator)
    assert other.get(f"{SEND}{number}/").status_code == 404
    assert other.post(f"{SEND}{number}/take/").status_code == 404
    assert run_due_imports() == 0


def test_who_lost_the_right_meanwhile_changes_nothing(client: Client, library_editor: User) -> None:
    tried(client, GOOD.encode())
    client.post(f"{SEND}{TableImport.objects.get().pk}/take/")
    library_editor.groups.clear()
    assert run_due_imports() == 1
    assert TableImport.objects.get().state == TableImport.State.REFUSED
    assert Report.objects.count() == 0


def test_all_of_it_goes_after_a_day(
    client: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    tried(client, GOOD.encode())
    upload = StagedUpload.objects.get()
    assert upload.is_there()
    StagedUpload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert client.get(f"{SEND}{TableImport.objects.get().pk}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        sweep_staging()
    assert not TableImport.objects.exists()
    assert not upload.is_there()


def test_a_row_that_is_done_is_not_done_twice(client: Client) -> None:
    tried(client, GOOD.encode())
    taken(client)
    events = Event.objects.count()
    taken(client)
    assert (Report.objects.count(), Event.objects.count()) == (2, events)


def test_quotes_and_lines_within_cells_are_one_row(client: Client) -> None:
    table = io.StringIO()
    csv.writer(table).writerows([["title", "abstract_en"], ['A "b", c', "One.\n\nTwo."]])
    tried(client, table.getvalue().encode())
    taken(client)
    assert Edition.objects.get().abstract == "One.\n\nTwo."
