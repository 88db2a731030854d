"""Work survives: workers are killed in the middle of what they do, and it is done once all the same.

Each is killed where something of it is begun and not yet through; the sweep that the next worker
would run is called here. What a dead one holds is free after a minute or two: nobody waits for that,
the tests move the clock. The whole kills at every place, again and again: `make faults ONLY=work`.
"""

import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from email import message_from_string
from functools import partial
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from alliance.emails import send_due_mail
from alliance.files import staging
from alliance.files.keeping import drop_files_without_row
from alliance.models import Event, OutgoingMail, StagedUpload
from alliance.scanning import Scanner
from knowledge.actions.report_exports import export_reports, make_due_exports
from knowledge.actions.table_imports import run_due_imports, take_table, try_table
from knowledge.alert_tasks import note_appearances
from knowledge.models import Appearance, EditionFile, Report, ReportExport, TableImport
from knowledge.tasks import read_due_files
from organizations.models import Organization, OrganizationDocument, Subscription, User
from submissions.digest_tasks import send_digests
from tests import factories
from tests.clamd import RunningClamd, running_clamd
from tests.faults.processes import children, command_line
from tests.faults.promises import Promise
from tests.faults.test_scanner import keep
from tests.knowledge.factories import add_pdf, add_text, make_report
from tests.programs import wait, worker
from tests.smtp import smtp_server

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("contents"),
    pytest.mark.timeout(1800),
    pytest.mark.promise("Work survives"),
]

ROUNDS = pytest.mark.parametrize(
    "rounds",
    [pytest.param(1, id="short"), pytest.param(10, id="whole", marks=pytest.mark.whole)],
)
READERS, ROWS = 80, 120
MB = 2**20
PAST = timedelta(seconds=1)
AT_ONCE = 0.002  # seconds; to be there before it is over


@contextmanager
def doomed(lock: str = "", **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is killed where the block ends; until then it gets no further than the `lock`,
    a statement, lets it.
    """
    with worker(**environment) as process, transaction.atomic() if lock else nullcontext():
        if lock:
            with connection.cursor() as cursor:
                cursor.execute(lock)
        yield process
        process.kill()
        process.wait()
    wait(nobody_writes)


def nobody_writes() -> bool:
    """Whether the server has noticed that its client is gone, and taken back what that had begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND backend_xid IS NOT NULL"
        )
        return bool(cursor.fetchone()[0] == 0)


# The short form too: after other tests the worker was once seen to write no letter in two minutes.
@pytest.mark.whole
@ROUNDS
def test_a_digest_reaches_each_reader_once_whoever_is_killed_while_it_is_written(
    settings: Settings, rounds: int, promise: Promise
) -> None:
    make_report("News")
    note_appearances()
    now = timezone.now()
    Appearance.objects.update(at=now - timedelta(hours=2))
    readers = READERS * rounds
    for number in range(readers):
        Subscription.objects.create(
            email=f"reader{number}@example.org",
            confirmed_at=now,
            seen_until=now - timedelta(days=7),
            due_at=now,
        )
    digests = OutgoingMail.objects.filter(message="digest")
    with smtp_server() as server:
        line = {"EMAIL_URL": server.url, "ALLIANCE_SWEEP_SECONDS": "1"}
        for _round in range(rounds):
            more = digests.count() + 1
            with doomed(**line):
                wait(digests.all()[more - 1 : more].exists, pause=AT_ONCE)
            assert digests.count() < readers
        settings.EMAIL_URL = server.url
        while send_digests() or send_due_mail():
            pass
    arrived = {
        (mail["To"], mail["Message-ID"]) for mail in map(message_from_string, server.messages)
    }
    written = Counter(digests.values_list("recipient", flat=True))
    assert written == Counter(reader for reader, _id in arrived)
    assert written == dict.fromkeys((f"reader{number}@example.org" for number in range(readers)), 1)
    promise.counted(rounds, digests=len(arrived), workers_killed=rounds)


def sequence() -> int:
    """Counts reports that were begun, also in a transaction that is under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM knowledge_report_id_seq")
        return int(cursor.fetchone()[0])


@ROUNDS
def test_a_table_is_taken_over_once_and_whole(rounds: int, promise: Promise) -> None:
    editor = factories.staff("Library editor")
    for number in range(rounds):
        old = make_report(f"Sun {number}", publisher="Another")
        take_over(table(number, old), old, editor, twice=rounds > 1)
    titled = Report.objects.filter(title__startswith="Rain").values_list("title", flat=True)
    assert Counter(titled) == dict.fromkeys(titled, 1)
    assert len(titled) == ROWS * rounds
    assert Event.objects.filter(name="report.added").count() == ROWS * rounds
    assert Event.objects.filter(name="table_import.taken").count() == rounds
    promise.counted(rounds, reports_taken_over=len(titled))


def take_over(content: bytes, old: Report, editor: User, *, twice: bool) -> None:
    """A worker is killed that takes it over; before that, where it is `twice`, one that tries it.

    Neither gets past the report that it should change.
    """
    table = try_table(staged(content, editor), by=editor)
    row, before = TableImport.objects.filter(pk=table.pk), Report.objects.count()
    lock = f"SELECT 1 FROM knowledge_report WHERE id = {old.pk} FOR UPDATE"
    if twice:
        with doomed(lock):
            wait(row.filter(done__gt=0).exists)
        assert row.get().state == TableImport.State.DUE
        row.update(leased_until=timezone.now() - PAST)
    assert run_due_imports() == 1
    assert Report.objects.count() == before
    take_table(table, by=editor)
    middle = sequence() + ROWS // 4
    with doomed(lock):
        wait(lambda: sequence() > middle)
    assert (row.get().state, Report.objects.count()) == (TableImport.State.WANTED, before)
    assert run_due_imports() == 0  # the dead one's minute is not over
    row.update(leased_until=timezone.now() - PAST)
    assert run_due_imports() == 1
    assert row.get().state == TableImport.State.TAKEN


def table(number: int, old: Report) -> bytes:
    """New reports, and in the middle one that changes an old one."""
    rows = [f",Rain {number}-{row},Norec\n" for row in range(ROWS)]
    rows.insert(ROWS // 2, f"{old.pk},{old.title},Norec\n")
    return ("id,title,publisher\n" + "".join(rows)).encode()


def staged(table: bytes, by: User) -> StagedUpload:
    path = staging.new_path()
    path.write_bytes(table)
    return staging.hold(
        path,
        "table",
        name="reports.csv",
        sent_size=len(table),
        content_type="text/csv",
        uploaded_by=by.pk,
    )


@ROUNDS
def test_reports_are_taken_out_whole_and_nothing_else_stays(rounds: int, promise: Promise) -> None:
    editor = factories.staff("Library editor")
    small, large = make_report("Small"), make_report("Large")
    pdf = add_text(large, "Words.")
    with Path(pdf.file.path).open("ab") as file:
        file.write(bytes(20 * MB))  # so that it takes a while
    for _round in range(rounds):
        take_out([small.pk, large.pk], editor, twice=rounds > 1)
    promise.counted(rounds, exports=rounds)


def take_out(reports: list[int], editor: User, *, twice: bool) -> None:
    """A worker is killed that has kept the file and not told of it; before that, where it is `twice`,
    one that writes it.
    """
    folder = Path(storages["private"].path(ReportExport.FOLDER))
    export, before = export_reports(reports, by=editor, file_format="zip"), files_of(folder)
    row = ReportExport.objects.filter(pk=export.pk)
    places = [row.filter(done__gt=0).exists] * twice + [lambda: bool(files_of(folder) - before)]
    for is_begun in places:
        with doomed("LOCK TABLE alliance_event IN SHARE MODE"):
            wait(is_begun, pause=AT_ONCE)
        assert row.filter(made_at=None, file="").exists()
        assert make_due_exports() == 0  # the dead one's hold is not over
        row.update(leased_until=timezone.now() - PAST)
    assert make_due_exports() == 1
    made = row.get()
    assert made.attempts == len(places) + 1
    with zipfile.ZipFile(made.file.path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
    assert Event.objects.about(made).filter(name="report_export.made").count() == 1
    drop_files_without_row(ReportExport, ReportExport.FOLDER, timezone.now() + timedelta(hours=1))
    assert files_of(folder) == {Path(made.file.path)}
    made.file.delete(save=False)
    row.delete()


def files_of(folder: Path) -> set[Path]:
    return set(folder.iterdir()) if folder.exists() else set()


@ROUNDS
def test_a_cover_is_drawn_in_the_end(rounds: int, promise: Promise) -> None:
    for number in range(rounds):
        version = add_pdf(make_report(f"Cover {number}"), width=200 + number)
        draw(version, twice=rounds > 1)
    promise.counted(rounds, covers=rounds)


def draw(version: EditionFile, *, twice: bool) -> None:
    """A worker is killed while the page is drawn; where it is `twice`, one more while the drawing is
    made a picture of ours.
    """
    row = EditionFile.objects.filter(pk=version.pk)
    for program in ("pdf_cover_worker", "picture_worker")[: 1 + twice]:
        with doomed("LOCK TABLE knowledge_page IN SHARE MODE") as process:
            wait(partial(has_child, process, program), pause=AT_ONCE)
        assert row.filter(text_state=EditionFile.Text.DUE, cover="").exists()
        assert read_due_files() == 0  # the dead one's minute is not over
        row.update(text_due_at=timezone.now())
    assert read_due_files() == 1
    with row.get().cover.open() as picture:
        assert picture.read(4) == b"RIFF"


def has_child(process: subprocess.Popen[bytes], program: str) -> bool:
    return any(program in command_line(child) for child in children(process.pid))


@ROUNDS
def test_a_file_is_judged_by_the_next_and_stays_closed_until_then(
    settings: Settings, rounds: int, promise: Promise
) -> None:
    place = factories.organization()
    owner = factories.member(place, "owner")
    with running_clamd() as clamd:
        settings.CLAMD_URL = clamd.url
        for number in range(rounds):
            judge(clamd, place, owner, number)
    promise.counted(rounds, files_judged=rounds)


def judge(clamd: RunningClamd, place: Organization, owner: User, number: int) -> None:
    """A worker is killed while the scanner has the file; in every other one there is a virus."""
    waiting = OrganizationDocument.objects.filter(scan="waiting")
    row, is_bad = keep(place, number + 1)
    mine = waiting.filter(pk=row.pk)
    mine.update(added_by=owner, scan_due_at=timezone.now() + timedelta(hours=1))
    other = waiting.filter(pk=keep(place, 1000 + 2 * number)[0].pk)
    with doomed(CLAMD_URL=clamd.url):
        wait(lambda: not other.exists())
        clamd.freeze()
        mine.update(scan_due_at=timezone.now())
        wait(mine.filter(scan_due_at__gt=timezone.now() + timedelta(minutes=1)).exists)
    clamd.thaw()
    assert Scanner().work() == 0  # the dead one's minute is not over
    assert waiting.get().pk == row.pk
    mine.update(scan_due_at=timezone.now())
    assert Scanner().work() == 1
    row.refresh_from_db()
    assert row.scan == ("refused" if is_bad else "clean")
    refusals = Event.objects.filter(name="file.refused", data__file=row.pk.hex)
    letters = OutgoingMail.objects.filter(message="file_refused", text__contains=row.name)
    assert (refusals.count(), letters.count()) == (is_bad, is_bad)
