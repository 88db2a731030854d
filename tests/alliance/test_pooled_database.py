"""PgBouncer in transaction mode: nothing relies on having the same connection again."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings as current
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.module_loading import import_string
from psycopg2.extensions import make_dsn
from pytest_django import Settings

from alliance import trail, trail_check
from alliance.backups.programs import connection_params
from alliance.limits import Limit, take
from alliance.models import Event, OutgoingMail, Seal, Term
from knowledge.search.asking import ask
from organizations.models import Membership
from submissions.models import Kind, Submission
from tests import factories
from tests.servers import running_pgbouncer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("contents", "pooled"),
]

AT_ONCE = 6
# What PgBouncer itself sets anew for whoever gets the connection.
OF_EACH_CLIENT = {
    "application_name",
    "client_encoding",
    "DateStyle",
    "standard_conforming_strings",
    "TimeZone",
}


@pytest.fixture
def pooled(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Within the test the default connection goes through PgBouncer, as DATABASE_POOLED has it.

    Its parameter are lines of pgbouncer.ini; what it gives is the way to the server itself.
    """
    settings.ALLIANCE_DATA = tmp_path
    present = connection.settings_dict
    before = dict(present)
    direct = make_dsn(**connection_params())
    connection.close()
    with running_pgbouncer(**getattr(request, "param", {})) as pool:
        present |= {"HOST": pool.host, "PORT": pool.port, "DISABLE_SERVER_SIDE_CURSORS": True}
        try:
            yield direct
        finally:
            connection.close()
            present.update(before)


def at_once(*work: object) -> None:
    """Each in a thread, and so a connection to PgBouncer, of its own; fails where one does."""
    failed: list[BaseException] = []

    def one(call: object) -> None:
        try:
            assert callable(call)
            call()
        except BaseException as error:  # noqa: BLE001 - handed on below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(call,)) for call in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def submit() -> None:
    owner = factories.member(factories.organization(), Membership.Role.OWNER)
    draft = factories.draft(owner, Kind.DEMAND)
    client = factories.logged_in(owner)
    client.get(address := f"/submissions/{draft.uuid}/check/")
    answer = client.post(address, {"version": draft.version, "documents": ""})
    assert answer["Location"] == f"/submissions/{draft.uuid}/received/"


def test_six_submit_at_once_over_two_connections_and_the_worker_takes_all_in() -> None:
    at_once(*AT_ONCE * [submit])
    for path in (*current.PROMPT_SWEEPS, *current.SWEEPS, *current.LONG_SWEEPS):
        import_string(path)()
    assert Submission.objects.filter(status="submitted").count() == AT_ONCE
    assert OutgoingMail.objects.count() >= AT_ONCE
    trail.seal_events()
    assert (trail_check.check_trail().broken, trail_check.unsealed()) == ("", 0)


def test_a_decision_is_made_and_the_applicant_reads_it() -> None:
    owner = factories.member(factories.organization(), Membership.Role.OWNER)
    case = factories.demand(owner, "declined")
    page = factories.logged_in(owner).get(f"/submissions/{case.uuid}/").content.decode()
    assert "this is our decision" in page


# A connection that is not reset, as they are none in operations.md, shows what it was left with.
@pytest.mark.parametrize(
    "pooled", [{"server_reset_query_always": "0"}], indirect=True, ids=["not reset"]
)
def test_searches_at_once_keep_what_they_set_to_themselves() -> None:
    def search() -> None:
        client = Client()
        for page in ("/library/?q=water", "/demands/?q=water", "/search/?q=water"):
            assert client.get(page).status_code == 200
        assert ask("SELECT 1", [])[0] == (1,)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM pg_settings WHERE source = 'session'")
            assert {name for (name,) in cursor.fetchall()} <= OF_EACH_CLIENT

    at_once(*AT_ONCE * [search])


@pytest.mark.parametrize(
    "pooled", [{"server_reset_query_always": "0"}], indirect=True, ids=["not reset"]
)
def test_a_copy_goes_past_the_pool_and_leaves_nothing_there(
    settings: Settings, tmp_path: Path, pooled: str
) -> None:
    settings.DATABASE_URL = "postgresql://alliance@db.example.org/alliance"  # a server not our own
    settings.DATABASE_POOLED, settings.DATABASE_DIRECT_URL = True, pooled
    is_made = threading.Event()

    def copy() -> None:
        try:
            call_command("backup", str(tmp_path / "copies"))
        finally:
            is_made.set()

    def read() -> None:
        """Keeps the pool busy, so that each statement may go over another of its connections."""
        while not is_made.is_set():
            assert Term.objects.count() > 0

    at_once(copy, *AT_ONCE * [read])


def test_limits_and_the_cache_count_over_all_connections() -> None:
    limit = Limit("letters", most=4, seconds=3600)
    waits: list[float] = []
    at_once(*AT_ONCE * [lambda: waits.append(take(limit, "ana"))])
    assert waits.count(0) == 4
    assert [cache.add("first", "kept", 60) for _ in range(2)] == [True, False]


def test_rows_come_in_pieces_where_no_cursor_can_stay_open() -> None:
    """What the setting is for: with it rows come all the same, without it they do not."""
    assert len(list(Term.objects.iterator(chunk_size=1))) > 10
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False
    with pytest.raises((DatabaseError, psycopg2.Error), match="cursor"):
        list(Term.objects.iterator(chunk_size=1))


def test_a_long_trail_is_compared_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_check, "_AT_ONCE", 2)
    monkeypatch.setattr(trail, "MOST_IN_A_SEAL", 2)
    with transaction.atomic():
        owner = factories.member(factories.organization(), Membership.Role.OWNER)
        factories.demand(owner, "published")
    events = Event.objects.count()
    assert events >= 4
    trail.seal_events()
    check = trail_check.check_trail()
    assert (check.broken, check.events) == ("", events)
    assert check.seals == Seal.objects.count() == -(-events // 2)
