"""Lists taken out as files: the rows and cells of the list, made once, for one person's eyes."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.files.keeping import drop_files_without_row
from alliance.models import Event
from organizations.models import ConnectMessage, Membership, Organization, User
from submissions.actions import declare_conflict
from submissions.actions.list_exports import drop_list_export, export_list
from submissions.list_exporting import TakenOver, _claim, _keep, make_list_export
from submissions.lists import NoSuchList, listing
from submissions.models import ListExport, Submission
from submissions.retention import forget_list_exports
from submissions.tasks import make_due_list_exports
from tests import factories

QUEUE = "submissions.submission"
ASK = "/admin/submissions/listexport/ask/"
_CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def made(person: User, label: str = QUEUE, query: str = "", file_format: str = "csv") -> ListExport:
    export = export_list(label, by=person, query=query, file_format=file_format)
    assert make_due_list_exports() == 1
    return ListExport.objects.get(pk=export.pk)


def content(export: ListExport) -> bytes:
    with export.file.open("rb") as file:
        return bytes(file.read())


def lines(export: ListExport) -> list[list[str]]:
    """The rows of a CSV, its heading first."""
    return list(csv.reader(io.StringIO(content(export).decode("utf-8-sig"))))


def xlsx_lines(export: ListExport) -> list[list[str]]:
    """The texts and numbers of an XLSX; a formula would have no text."""
    with zipfile.ZipFile(io.BytesIO(content(export))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert list(sheet.iter(f"{_CELLS}f")) == []
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{_CELLS}c")]
        for row in sheet.iter(f"{_CELLS}row")
    ]


def shown(client: Client, query: str = "") -> list[str]:
    """The references that the queue shows, in its order."""
    response = client.get(f"/admin/submissions/submission/{query}")
    return [row.reference for row in response.context["page"].rows]


@pytest.fixture
def cases(db: None) -> list[Submission]:
    found = []
    for kind in ("demand", "offer", "demand"):
        owner = factories.member(factories.organization(), "owner")
        found.append(factories.submitted(owner, kind))
    return found


@pytest.mark.parametrize("query", ["", "kind=demand", "kind=demand&queue=all&o=-1", "q=DEM&p=7"])
def test_the_file_has_the_rows_of_the_list_in_its_order(
    cases: list[Submission], reviewer: User, query: str
) -> None:
    on_the_page = shown(factories.logged_in(reviewer), f"?{query.replace('&p=7', '')}")
    assert on_the_page
    assert [row[0] for row in lines(made(reviewer, query=query))[1:]] == on_the_page


def test_the_columns_are_those_of_the_list_with_their_words(
    cases: list[Submission], reviewer: User
) -> None:
    heading, first, *_others = lines(made(reviewer))
    row = dict(zip(heading, first, strict=True))
    assert row["Reference"] == cases[0].reference
    assert row["Kind"] == "Demand"
    assert row["State"] == "Received"


def test_rows_of_the_own_organization_are_not_in_the_file(
    cases: list[Submission], reviewer: User
) -> None:
    own, declared, *others = cases
    declare_conflict(declared.organization, by=reviewer, reason="A relative.")
    Membership.objects.create(
        user=reviewer, organization=own.organization, role="reader", function="Adviser"
    )
    references = [row[0] for row in lines(made(reviewer))[1:]]
    assert references == [case.reference for case in others]


def test_a_concern_is_in_the_file_of_those_alone_who_may_read_it(
    reviewer: User, senior: User
) -> None:
    ConnectMessage.objects.create(
        name="Osprey", is_concern=True, email="a@example.org", fingerprint="1"
    )
    label = "organizations.connectmessage"
    assert "Osprey" not in content(made(reviewer, label)).decode()
    assert "Osprey" in content(made(senior, label)).decode()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("https://evil.example";"Click")',
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
    ],
)
def test_no_cell_is_run_as_a_formula(reviewer: User, file_format: str, name: str) -> None:
    place = factories.organization()
    Organization.objects.filter(pk=place.pk).update(name=name)
    export = made(reviewer, "organizations.organization", file_format=file_format)
    read = lines if file_format == "csv" else xlsx_lines
    cells = [row[0] for row in read(export)[1:]]
    assert [cell.replace("_x000D_", "\r") for cell in cells] == [f"'{name}"]


def test_numbers_and_days_are_numbers_in_the_spreadsheet(
    cases: list[Submission], reviewer: User
) -> None:
    export = made(reviewer, file_format="xlsx")
    with zipfile.ZipFile(io.BytesIO(content(export))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    first = list(sheet.iter(f"{_CELLS}row"))[1]
    kinds = [cell.get("t", "n") for cell in first.iter(f"{_CELLS}c")]
    assert kinds.count("n") == 3  # days in state, open hits, and the day it was received
    assert xlsx_lines(export)[1][0] == cases[0].reference


def test_it_is_made_once_though_two_workers_and_a_sweep_find_it(
    cases: list[Submission], reviewer: User
) -> None:
    export = export_list(QUEUE, by=reviewer, query="", file_format="csv")
    assert [make_list_export(export.pk), make_list_export(export.pk)] == [True, False]
    assert make_due_list_exports() == 0


def test_a_worker_that_was_killed_is_followed_by_another(
    cases: list[Submission], reviewer: User
) -> None:
    export = export_list(QUEUE, by=reviewer, query="", file_format="csv")
    assert _claim(export.pk)  # and it is killed
    assert make_due_list_exports() == 0
    ListExport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert make_due_list_exports() == 1
    export.refresh_from_db()
    assert (export.attempts, export.done, export.total) == (2, 3, 3)
    assert len(lines(export)) == 4


def test_a_worker_that_was_only_slow_throws_its_file_away(
    cases: list[Submission], reviewer: User
) -> None:
    export = export_list(QUEUE, by=reviewer, query="", file_format="csv")
    _claim(export.pk)
    slow = ListExport.objects.get(pk=export.pk)
    ListExport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    make_list_export(export.pk)
    before = storages["private"].listdir("list-exports")[1]
    with pytest.raises(TakenOver):
        _keep(slow, io.BytesIO(b"late"))
    assert storages["private"].listdir("list-exports")[1] == before
    assert len(lines(ListExport.objects.get(pk=export.pk))) == 4


def test_what_cannot_be_made_says_so_after_three_attempts(reviewer: User) -> None:
    export = export_list(QUEUE, by=reviewer, query="", file_format="csv")
    reviewer.groups.clear()
    for _attempt in range(4):
        assert make_due_list_exports() == 0
    export.refresh_from_db()
    assert (export.attempts, export.has_failed, export.is_waiting) == (3, True, False)


def test_asking_twice_makes_one_file_and_there_is_a_limit(reviewer: User) -> None:
    first, second = (export_list(QUEUE, by=reviewer, query="", file_format="csv") for _ in "ab")
    assert first == second
    for kind in ("demand", "offer"):
        export_list(QUEUE, by=reviewer, query=f"kind={kind}", file_format="csv")
    with pytest.raises(ActionRefused, match="Three of your lists"):
        export_list(QUEUE, by=reviewer, query="kind=eoi", file_format="csv")


def test_a_list_is_asked_for_watched_and_downloaded(
    cases: list[Submission], reviewer: User
) -> None:
    client = factories.logged_in(reviewer)
    page = client.get("/admin/submissions/submission/?kind=demand").content.decode()
    assert f'href="{ASK}submissions/submission/?kind=demand"' in page
    asking = client.get(f"{ASK}submissions/submission/?kind=demand")
    assert "has 2 rows" in asking.content.decode()
    response = client.post(f"{ASK}submissions/submission/?kind=demand", {"format": "csv"})
    watching = client.get(response["Location"]).content.decode()
    assert "Waiting for its turn" in watching
    make_due_list_exports()
    assert "Ready: 2 rows" in client.get(response["Location"]).content.decode()
    export = ListExport.objects.get()
    file = client.get(f"/admin/submissions/listexport/{export.pk}/download/")
    assert b"".join(file).decode("utf-8-sig").startswith("Reference,")
    names = Event.objects.about(export).order_by("id").values_list("name", flat=True)
    assert list(names) == [
        "list_export.requested",
        "list_export.made",
        "list_export.downloaded",
    ]


def test_nobody_sees_or_takes_the_file_of_another(
    cases: list[Submission], reviewer: User, senior: User
) -> None:
    export = made(reviewer)
    client = factories.logged_in(senior)
    for address in ("change/", "download/"):
        assert client.get(f"/admin/submissions/listexport/{export.pk}/{address}").status_code == 404
    assert client.post(f"/admin/submissions/listexport/{export.pk}/drop/").status_code == 404
    assert ListExport.objects.filter(pk=export.pk).exists()


def test_who_may_no_longer_see_the_list_cannot_take_its_file(
    cases: list[Submission], reviewer: User, administrator: User
) -> None:
    export = made(reviewer)
    client = factories.logged_in(reviewer)
    address = f"/admin/submissions/listexport/{export.pk}/download/"
    assert client.get(address).status_code == 200
    reviewer.groups.set(administrator.groups.all())
    assert client.get(address).status_code == 404


def test_a_file_with_a_concern_is_kept_from_who_may_not_read_it_any_more(
    senior: User, reviewer: User
) -> None:
    export = made(senior, "organizations.connectmessage")
    senior.groups.set(reviewer.groups.all())
    assert_kept_back(export, senior)


def test_a_file_is_kept_from_who_has_declared_a_conflict_since(
    cases: list[Submission], reviewer: User
) -> None:
    export = made(reviewer)
    declare_conflict(cases[0].organization, by=reviewer, reason="A relative.")
    assert_kept_back(export, reviewer)
    drop_list_export(export, by=reviewer)
    again = factories.logged_in(reviewer).get(download_of(made(reviewer)))
    assert again.status_code == 200


def download_of(export: ListExport) -> str:
    return f"/admin/submissions/listexport/{export.pk}/download/"


def assert_kept_back(export: ListExport, person: User) -> None:
    response = factories.logged_in(person).get(download_of(export), follow=True)
    assert "What you may see has changed since." in response.text
    assert not Event.objects.filter(name="list_export.downloaded").exists()


def test_a_role_takes_out_only_the_lists_that_it_sees(
    reviewer: User, administrator: User, library_editor: User
) -> None:
    for person, label in (
        (administrator, QUEUE),
        (library_editor, "organizations.organization"),
        (reviewer, "alliance.outgoingmail"),
        (reviewer, "organizations.user"),
        (reviewer, "auth.group"),
        (reviewer, "mfa.authenticator"),
        (reviewer, "submissions.listexport"),
        (reviewer, "no.such"),
    ):
        with pytest.raises(NoSuchList):
            listing(label, "", person=person)


@pytest.mark.parametrize(
    "query", ["kind=%00", "status__foo=1", "o=x", "p=-1", "e=1", "organization__name=1", "q=%ff"]
)
def test_no_query_string_breaks_the_page(reviewer: User, query: str) -> None:
    client = factories.logged_in(reviewer)
    client.raise_request_exception = False
    response = client.get(f"{ASK}submissions/submission/?{query}")
    assert response.status_code in {200, 302, 400, 404}


def test_files_go_after_a_week_and_with_their_row(
    cases: list[Submission], reviewer: User, django_capture_on_commit_callbacks: object
) -> None:
    export = made(reviewer)
    ListExport.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert not ListExport.objects.visible_to(reviewer).exists()
    forget_list_exports(timezone.now() - ListExport.KEPT_FOR)
    assert not ListExport.objects.exists()
    soon = timezone.now() + timedelta(hours=1)
    drop_files_without_row(ListExport, "list-exports", soon)
    assert not storages["private"].exists(str(export.file.name))
