"""Taking a list: what is refused, what becomes of entries, and two at once."""

import gzip
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from alliance.models import Event, OutgoingMail
from organizations import tasks as screening_tasks
from organizations.models import ListedEntry, ListImport, SanctionsSnapshot
from organizations.screening.fetching import ListUnreachable, read_source
from organizations.screening.in_force import list_in_force
from organizations.screening.reading import ListRefused, read_list
from organizations.screening.snapshots import import_list, take_list
from tests.certificates import self_signed
from tests.organizations.lists import entity, person, whole_list
from tests.racing import together

pytestmark = pytest.mark.django_db
LATER = "2026-03-01T00:00:09Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.xml"


def take(path: Path, content: bytes, *, accept_fall: bool = False) -> ListImport:
    path.write_bytes(content)
    return import_list(str(path), accept_fall=accept_fall)


def names_found(name: str) -> list[str]:
    current = list_in_force()
    assert current is not None
    return [match.name for match in current.index.find(name)]


def test_a_list_is_taken_with_its_hash_and_date(path: Path) -> None:
    content = whole_list([person()], [entity()])
    attempt = take(path, content)
    assert attempt.outcome == ListImport.Outcome.NEW
    snapshot = SanctionsSnapshot.objects.get()
    assert (snapshot.persons, snapshot.entities, snapshot.size) == (580, 170, len(content))
    assert snapshot.sha256 == read_list(content).sha256
    assert snapshot.generated_at == datetime(2026, 2, 27, 0, 0, 9, 554000, tzinfo=UTC)
    assert snapshot.is_current
    assert names_found("zorvan quillbrook tamsin") == ["Zorvan Quillbrook Tamsin"]
    entry = ListedEntry.objects.get(reference="QDi.001")
    assert (entry.title, entry.listed_on) == ("Zorvan Quillbrook Tamsin", date(2015, 3, 27))


def test_the_same_file_twice_is_no_new_list(path: Path) -> None:
    take(path, whole_list())
    assert take(path, whole_list()).outcome == ListImport.Outcome.SAME
    assert SanctionsSnapshot.objects.count() == 1
    assert ListImport.objects.successful().count() == 2


def test_a_changed_entry_is_a_new_row_and_a_delisted_one_ends(path: Path) -> None:
    take(path, whole_list([person(), person("QDi.002", "Velda Marrowby")]))
    old = SanctionsSnapshot.objects.get()
    take(path, whole_list([person(nationality="Kenya")], made=LATER))
    new = SanctionsSnapshot.objects.get(is_current=True)
    assert new != old
    before, now = ListedEntry.objects.filter(reference="QDi.001").order_by("pk")
    assert (before.ended_in, before.ended_on) == (new, date(2026, 3, 1))
    assert (now.first_in, now.ended_in, now.countries) == (new, None, ["Kenya"])
    gone = ListedEntry.objects.get(reference="QDi.002")
    assert (gone.first_in, gone.ended_in, gone.ended_on) == (old, new, date(2026, 3, 1))
    assert names_found("Velda Marrowby") == []
    # What did not change is one row still.
    assert ListedEntry.objects.filter(first_in=old, ended_in=None).count() == 580 - 2 + 170


def test_an_entry_that_comes_back_as_it_was_is_the_same_row(path: Path) -> None:
    take(path, whole_list([person()]))
    take(path, whole_list(made=LATER))
    take(path, whole_list([person()], made="2026-04-01T00:00:00Z"))
    entry = ListedEntry.objects.get(reference="QDi.001")
    assert (entry.ended_in, entry.ended_on) == (None, None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (whole_list(count=(579, 170)), "579 persons and 170 entities"),
        (whole_list(count=(580, 169)), "at least 580 and 170"),
        (b"<html>", "cannot be read as XML"),
    ],
)
def test_a_bad_file_is_refused_and_the_last_good_list_stays(
    path: Path, content: bytes, why: str
) -> None:
    take(path, whole_list([person()]))
    with pytest.raises(ListRefused, match=why):
        take(path, content)
    assert SanctionsSnapshot.objects.count() == 1
    assert names_found("Zorvan Quillbrook Tamsin") == ["Zorvan Quillbrook Tamsin"]
    attempt = ListImport.objects.latest("pk")
    assert (attempt.outcome, attempt.snapshot) == (ListImport.Outcome.REFUSED, None)
    assert why in attempt.message


@pytest.mark.parametrize("count", [(629, 200), (700, 179)])
def test_a_fall_of_more_than_a_tenth_is_refused_unless_it_is_accepted(
    path: Path, count: tuple[int, int]
) -> None:
    take(path, whole_list(count=(700, 200)))
    shorter = whole_list(count=count, made=LATER)
    with pytest.raises(ListRefused, match="a fall of more than a tenth"):
        take(path, shorter)
    assert take(path, shorter, accept_fall=True).outcome == ListImport.Outcome.NEW


def test_a_fall_of_a_tenth_is_taken(path: Path) -> None:
    take(path, whole_list(count=(700, 200)))
    assert take(path, whole_list(count=(630, 180), made=LATER)).outcome == "new"


def test_a_file_older_than_the_current_list_is_refused(path: Path) -> None:
    take(path, whole_list(made=LATER))
    with pytest.raises(ListRefused, match="older than the list"):
        take(path, whole_list())


def test_what_cannot_be_read_is_said(path: Path) -> None:
    with pytest.raises(ListUnreachable, match="No such file"):
        import_list(str(path))
    assert ListImport.objects.get().outcome == ListImport.Outcome.UNREACHABLE


PACKED = gzip.compress(b"<a/>", mtime=0)


@pytest.mark.parametrize("content", [PACKED[:-9], PACKED[:10] + b"?"], ids=["cut", "spoilt"])
def test_a_packed_file_that_is_cut_or_spoilt_is_refused(path: Path, content: bytes) -> None:
    packed = path.with_suffix(".gz")
    packed.write_bytes(content)
    with pytest.raises(ListUnreachable, match="cannot be read"):
        read_source(str(packed))


@pytest.mark.parametrize(
    "address",
    ["http://list.example.org/l.xml", "ftp://list.example.org/l.xml", "file:///etc/fstab"],
)
def test_only_https_addresses_are_read(address: str) -> None:
    with pytest.raises(ListUnreachable, match="begin with https://"):
        read_source(address)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A host with a certificate of its own that this process trusts."""
    pem = self_signed(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Host(BaseHTTPRequestHandler):
    agents: list[str] = []

    def do_GET(self) -> None:
        self.agents.append(self.headers["User-Agent"])
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://localhost/list.xml")
            self.end_headers()
        elif self.path == "/list.xml":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(whole_list([person()]))
        elif self.path == "/garbage":
            self.wfile.write(b"nonsense\r\n\r\n")
        else:
            self.send_error(403)

    def log_message(self, *args: object) -> None:
        pass


def address_of(server: ThreadingHTTPServer, path: str) -> str:
    return f"https://localhost:{server.server_address[1]}{path}"


def test_a_list_is_read_over_https_by_a_program_that_says_who_it_is(
    server: ThreadingHTTPServer, settings: Settings
) -> None:
    attempt = import_list(address_of(server, "/list.xml"))
    assert attempt.outcome == ListImport.Outcome.NEW
    assert Host.agents[-1] == f"UNOSSC-Alliance-Portal/1 (+{settings.SITE_URL})"


@pytest.mark.parametrize(
    ("path", "why"), [("/elsewhere", "https://"), ("/other", "Forbidden"), ("/garbage", "nonsense")]
)
def test_a_way_out_of_https_and_an_error_are_refused(
    server: ThreadingHTTPServer, path: str, why: str
) -> None:
    with pytest.raises(ListUnreachable, match=why):
        import_list(address_of(server, path))
    assert ListImport.objects.get().outcome == ListImport.Outcome.UNREACHABLE


def test_a_host_whose_certificate_nobody_trusts_is_refused(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ListUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
        read_source(address_of(server, "/list.xml"))


def test_a_file_that_is_too_large_is_not_read_to_its_end(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20 * 2**20 + 1)
    with pytest.raises(ListUnreachable, match="larger than the list can be"):
        read_source(str(path))


def test_the_worker_reads_the_list_when_the_last_attempt_is_old(
    server: ThreadingHTTPServer, settings: Settings
) -> None:
    settings.SANCTIONS_LIST_ADDRESS = address_of(server, "/list.xml")
    screening_tasks.read_list_when_due()
    screening_tasks.read_list_when_due()
    assert ListImport.objects.count() == 1
    ListImport.objects.update(at=timezone.now() - screening_tasks.READ_EVERY)
    screening_tasks.read_list_when_due()
    assert ListImport.objects.successful().count() == 2


def test_a_list_that_cannot_be_read_is_told_once_after_two_days(path: Path) -> None:
    take(path, whole_list())
    ListImport.objects.update(at=timezone.now() - timedelta(hours=47))
    screening_tasks.tell_of_stale_list()
    assert not OutgoingMail.objects.filter(message="sanctions_list_stale").exists()
    ListImport.objects.update(at=timezone.now() - timedelta(hours=49))
    screening_tasks.tell_of_stale_list()
    screening_tasks.tell_of_stale_list()
    mail = OutgoingMail.objects.get(message="sanctions_list_stale")
    assert "/admin/organizations/" in mail.text
    assert Event.objects.filter(name="sanctions_list.stale").count() == 1


def test_the_secretariat_is_told_once_where_no_list_was_ever_read(db: None) -> None:
    screening_tasks.tell_of_stale_list()  # nobody has tried
    for hours in (47, 20):
        ListImport.objects.create(
            source="https://list.example",
            outcome=ListImport.Outcome.UNREACHABLE,
            at=timezone.now() - timedelta(hours=hours),
        )
    screening_tasks.tell_of_stale_list()
    assert not OutgoingMail.objects.exists()
    ListImport.objects.update(at=F("at") - timedelta(hours=2))
    screening_tasks.tell_of_stale_list()
    screening_tasks.tell_of_stale_list()
    mail = OutgoingMail.objects.get()
    assert mail.message == "sanctions_list_stale"
    assert "has never been read" in mail.text
    assert "has never been read" in mail.html
    assert "last read on" not in mail.text


def test_the_command_takes_a_list_and_says_so(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(whole_list())
    call_command("import_sanctions_list", str(path))
    said = capsys.readouterr().out
    assert "New list: 580 persons and 170 entities, made on 27 February 2026" in said
    assert "Screened 0 organizations: 0 new hits" in said
    call_command("import_sanctions_list", str(path))
    assert "The list is the one in use" in capsys.readouterr().out


def test_the_command_says_why_a_list_is_not_taken(path: Path) -> None:
    path.write_bytes(b"<LIST/>")
    with pytest.raises(CommandError, match=r"Not taken: .* The last good list stays\."):
        call_command("import_sanctions_list", str(path))
    with pytest.raises(CommandError, match="Name a file or an address"):
        call_command("import_sanctions_list", "")


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_one_takes_the_list_and_one_finds_it() -> None:
    listing = read_list(whole_list([person()]))

    took = together(*2 * [lambda: take_list(listing, source="list.xml")[1]])
    assert sorted(took) == [False, True]
    assert ListedEntry.objects.count() == 750
    assert SanctionsSnapshot.objects.get().is_current


@pytest.mark.django_db(transaction=True)
def test_until_the_switch_everybody_goes_on_with_the_old_list() -> None:
    take_list(read_list(whole_list([person()])), source="old")
    newer = read_list(whole_list([person("QDi.002", "Velda Marrowby")], made=LATER))
    seen = []

    def look() -> None:
        seen.append((names_found("Velda Marrowby"), names_found("Zorvan Quillbrook Tamsin")))
        connection.close()

    with transaction.atomic():
        take_list(newer, source="new")
        reader = threading.Thread(target=look)
        reader.start()
        reader.join()
    assert seen == [([], ["Zorvan Quillbrook Tamsin"])]
    assert names_found("Velda Marrowby") == ["Velda Marrowby"]
