"""Public pages from a replica: drawn there where it is as far as the first, and never needed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.core.cache import cache
from django.db import InternalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from alliance import alarms, drawn_pages, kept_pages, replica, replica_watch, states
from alliance.browsing.kept import forget
from alliance.models import Alarm, Sweep
from alliance.resting import Rest
from knowledge.indexing import mark_due
from knowledge.models import Report
from organizations.models import User
from submissions.directory.entry import public_address
from submissions.directory.writing import follow_marked
from submissions.models import PublicEntry
from submissions.public.addresses import address
from tests import factories
from tests.knowledge.factories import add_text, make_report
from tests.replica import RunningReplica, running_replica
from tests.servers import running_pgbouncer, wait_until
from tests.submissions.listing import listed
from tests.submissions.publishing import suspend

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "replica"]),
    pytest.mark.usefixtures("in_use"),
    pytest.mark.xdist_group("replica"),
]

Asked = dict[str, list[str]]


@pytest.fixture(scope="module")
def standby(django_db_setup: None) -> Iterator[RunningReplica]:
    """With the settings that `DATABASE_REPLICA_URL` makes."""
    with running_replica() as server:
        more: dict[str, object] = {"HOST": server.host, "DISABLE_SERVER_SIDE_CURSORS": True}
        # Django's tests empty no table of what they are told mirrors another.
        more["OPTIONS"] = connection.settings_dict["OPTIONS"] | {"connect_timeout": 2}
        more |= {"TEST": connection.settings_dict["TEST"] | {"MIRROR": "default"}}
        connections.settings[replica.ALIAS] = connection.settings_dict | more
        yield server
        connections[replica.ALIAS].close()
        del connections[replica.ALIAS], connections.settings[replica.ALIAS]


@pytest.fixture
def in_use(
    standby: RunningReplica, contents: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test does not wait as long for it to be asked again."""
    monkeypatch.setattr(replica, "_rest", Rest())
    monkeypatch.setattr(replica, "AWAY_FOR", 0.5)
    settings.DATABASE_ROUTERS = ["alliance.reading.Router"]


@pytest.fixture
def owner() -> User:
    """Of an organization that anybody finds, like its Demand and a report."""
    return User.objects.get(memberships__organization=listed(name="Office of Rivers"))


@pytest.fixture
def report() -> Report:
    report = make_report("Reading the Rain", authors=[("Ana", "Silva")], themes=["health"])
    add_text(report, "The rain is read by hand.")
    mark_due(report)
    return report


@pytest.fixture
def paths(owner: User, report: Report, standby: RunningReplica) -> list[str]:
    """An address of each view that is drawn from a replica."""
    demand = factories.demand(owner, "published", description="We read river gauges by hand.")
    follow_marked()
    entry = PublicEntry.objects.get(submission=demand)
    page = report.get_absolute_url()
    a_worker_is_seen()
    standby.catch_up()
    return [
        *("/", "/library/", "/library/?q=rain", "/library/feed/", "/search/?q=rain"),
        *(page, f"{page}cite.bib", f"{page}en/pages/", f"{page}en/pages/1/?q=rain"),
        *("/library/oai?verb=ListRecords&metadataPrefix=oai_dc", "/sitemap.xml"),
        *("/sitemap-reports.xml", "/sitemap-board.xml", "/sitemap-organizations.xml"),
        *("/demands/", "/demands/?q=river", "/demands/feed/", "/organizations/map/"),
        *("/organizations/", "/organizations/?q=office", public_address(entry.organization)),
        address(demand.kind, str(demand), entry.slug),
    ]


def a_worker_is_seen() -> None:
    now = {"last_success_at": timezone.now()}
    Sweep.objects.update_or_create(path="alliance.limits.sweep_buckets", defaults=now)


@contextmanager
def asked() -> Iterator[Asked]:
    """What each database is asked within the block, by its alias."""
    found: Asked = {"default": [], "replica": []}

    def noted(alias: str) -> Callable[..., object]:
        def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
            # Once in each process Django asks for types that hardly anybody has.
            if "pg_type" not in sql:
                found[alias].append(sql.strip())
            return execute(sql, *rest)

        return note

    with (
        connection.execute_wrapper(noted("default")),
        connections["replica"].execute_wrapper(noted("replica")),
    ):
        yield found


def drawn(client: Client, path: str) -> str:
    """The page, with nothing of what this process keeps."""
    kept_pages.forget()
    drawn_pages.forget()
    forget()
    cache.clear()
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def is_from_replica(path: str = "/library/") -> bool:
    with asked() as found:
        drawn(Client(), path)
    return bool(found["replica"]) and set(map(kind, found["default"])) <= {"state", "cache"}


def kind(sql: str) -> str:
    """What the first database is asked for besides pages."""
    if "alliance_states" in sql or sql == states.question():
        return "state"
    return "cache" if "alliance_cache" in sql or "SAVEPOINT" in sql else sql


def test_public_pages_come_from_the_replica_and_show_what_is_so(
    paths: list[str], report: Report, owner: User, standby: RunningReplica
) -> None:
    all_that_visitors_read_comes_from_it(paths)
    nothing_that_members_read_does(paths, factories.logged_in(owner))
    what_is_written_meanwhile_goes_to_the_first(standby)
    what_has_changed_is_seen_at_once(paths, report, owner, standby)
    where_it_knows_of_no_worker_it_is_left_alone(standby)
    who_watches_hears_how_far_it_is_behind(standby)


def all_that_visitors_read_comes_from_it(paths: list[str]) -> None:
    for path in paths:
        with asked() as found:
            drawn(Client(), path)
        assert set(map(kind, found["default"])) <= {"state", "cache"}, path
        assert found["replica"][0].startswith("SET TRANSACTION"), path
        assert len(found["replica"]) > 1, path


def nothing_that_members_read_does(paths: list[str], member: Client) -> None:
    for path in paths:
        with asked() as found:
            drawn(member, path)
        assert found["replica"] == [], path


def what_is_written_meanwhile_goes_to_the_first(standby: RunningReplica) -> None:
    @replica.from_replica
    def view(request: HttpRequest) -> HttpResponse:
        sweep = Sweep.objects.get()
        sweep.save()
        Sweep.objects.create(path="new")
        return HttpResponse()

    with asked() as found:
        view(RequestFactory().get("/"))
    assert {"UPDATE", "INSERT"} <= {sql.split()[0] for sql in found["default"]}
    assert {sql.split()[0] for sql in found["replica"]} == {"SET", "SELECT"}
    assert Sweep.objects.filter(path="new").delete()[0] == 1
    with pytest.raises(InternalError, match="read-only"), replica.opened():
        Sweep.objects.using(replica.ALIAS).update(path="never")


def what_has_changed_is_seen_at_once(
    paths: list[str], report: Report, owner: User, standby: RunningReplica
) -> None:
    """However far behind the replica is: here it does not follow at all."""
    page, demand = report.get_absolute_url(), paths[-1]
    lists = ("/library/", "/library/?q=reading", "/", "/library/feed/", f"{page}cite.bib")
    standby.pause()
    try:
        report.editions.update(title="Reading the Wind")
        mark_due(report)
        for path in (page, *lists):
            with asked() as found:
                assert "the Wind" in drawn(Client(), path), path
            # It was asked how far it is, and nothing more.
            assert [sql.split()[:2] for sql in found["replica"]] in ([], [["SET", "TRANSACTION"]])
        assert "river gauges" in drawn(Client(), demand)
        suspend(owner.memberships.get().organization)
        for follow in (None, follow_marked):
            if follow:
                follow()
            assert Client().get(demand).status_code == 404
            assert "Office of Rivers" not in drawn(Client(), "/organizations/")
    finally:
        standby.resume()
    wait_until(is_from_replica, "the replica is not asked again", 5)
    assert "Reading the Wind" in drawn(Client(), page)


def where_it_knows_of_no_worker_it_is_left_alone(standby: RunningReplica) -> None:
    """Also where nothing has changed that has a state: other figures may have."""
    Sweep.objects.update(last_success_at=timezone.now() - 2 * replica.FRESH)
    standby.catch_up()
    assert not is_from_replica()
    a_worker_is_seen()
    wait_until(is_from_replica, "the replica is not asked again", 5)


def who_watches_hears_how_far_it_is_behind(standby: RunningReplica) -> None:
    assert ready() == "ok"
    standby.pause()
    try:
        Sweep.objects.update(last_success_at=timezone.now() + 2 * replica.FRESH)
        assert ready() == "failed"
        behind = {metric.name: metric.samples[0].value for metric in replica_watch.metrics()}
        assert behind["alliance_replica_up"] == 1
        assert behind["alliance_replica_behind_seconds"] > replica.FRESH.total_seconds()
        assert alarms.Trouble(Alarm.Kind.REPLICA) in alarms.of_parts()
    finally:
        standby.resume()
    assert ready() == "ok"


def ready() -> str:
    answer = Client().get("/health/ready")
    assert answer.status_code == 200
    return str(answer.json()["checks"]["replica"])


def test_a_replica_that_goes_away_is_missed_by_nobody_and_comes_back(
    paths: list[str], standby: RunningReplica
) -> None:
    killed_under_load(standby)
    frozen(standby)
    killed_behind_a_pooler(standby)


def killed_under_load(standby: RunningReplica) -> None:
    statuses: list[int] = []
    numbers, over = count(), threading.Event()

    def read() -> None:
        while not over.is_set():
            path = f"/library/?q=rain+{next(numbers)}"
            statuses.append(Client().get(path).status_code)
        connections.close_all()

    def go_on(what: str) -> None:
        before = len(statuses)
        wait_until(lambda: len(statuses) > before + 30, f"nobody reads {what}")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        go_on("with it")
        standby.kill()
        go_on("without it")
        standby.start()
        go_on("again")
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert set(statuses) == {200}
    wait_until(is_from_replica, "the replica is not asked again", 5)


def frozen(standby: RunningReplica) -> None:
    """One reader is held up for as long as is said, and nobody else."""
    standby.freeze()
    try:
        begun = time.monotonic()
        assert not is_from_replica()
        # At the line that was there, then at a new one, for which libpq waits two seconds.
        assert time.monotonic() - begun < 6
        replica._rest.begin(60, "away")
        begun = time.monotonic()
        assert not is_from_replica()
        assert time.monotonic() - begun < 2
    finally:
        standby.thaw()
    replica._rest.end()
    wait_until(is_from_replica, "the replica is not asked again", 5)


def killed_behind_a_pooler(standby: RunningReplica) -> None:
    ours = connections[replica.ALIAS]
    with running_pgbouncer(standby.host) as pool:
        ours.close()
        ours.settings_dict |= {"HOST": pool.host, "PORT": pool.port}
        wait_until(is_from_replica, "the replica is not asked", 5)
        assert is_from_replica("/library/?q=rain")
        standby.kill()
        assert not is_from_replica()
        assert (ready(), [metric.samples[0].value for metric in replica_watch.metrics()]) == (
            "failed",
            [0],
        )
        standby.start()
        ours.close()
        ours.settings_dict |= {"HOST": standby.host, "PORT": ""}
    wait_until(is_from_replica, "the replica is not asked again", 5)
