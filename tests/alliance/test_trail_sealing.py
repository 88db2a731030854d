"""Sealing beside people who write at the same moment, beside other workers, and after a kill."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections, transaction
from pytest_django import Settings

from alliance import audit, trail, trail_check
from alliance.models import Event, Seal, Term
from tests import programs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ALLIANCE_DATA = tmp_path
    return tmp_path


def tell(times: int = 1) -> None:
    term = Term.objects.earliest("pk")
    for count in range(times):
        audit.record("test.happened", by=None, about=term, count=count)


@contextmanager
def somebody_at_it(*, commits: bool) -> Iterator[threading.Event]:
    """Somebody else has told an event, in a transaction that ends when the yielded flag is set."""
    told, ending = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                tell()
                told.set()
                ending.wait(30)
                transaction.set_rollback(not commits)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert told.wait(30)
    try:
        yield ending
    finally:
        ending.set()
        writer.join()


def sealed_events() -> list[int]:
    return [pair[0] for seal in Seal.objects.all() for pair in seal.prints]


def is_whole() -> bool:
    return trail_check.check_trail().broken == ""


@pytest.mark.parametrize("commits", [True, False])
def test_nothing_is_sealed_above_an_event_that_may_still_appear(
    commits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PATIENCE", 0.2)
    with somebody_at_it(commits=commits):
        tell()
        assert trail.seal_events() == 0
    assert trail.seal_events() == 1
    assert sealed_events() == sorted(Event.objects.values_list("id", flat=True))
    assert len(sealed_events()) == 1 + commits
    assert is_whole()


def test_sealing_waits_for_who_was_before_it_and_holds_up_nobody() -> None:
    with ThreadPoolExecutor(1) as other, somebody_at_it(commits=True) as ending:
        tell()
        sealing = other.submit(seal_and_leave)
        time.sleep(0.3)
        began = time.monotonic()
        tell(5)
        assert time.monotonic() - began < 1
        assert not sealing.done()
        ending.set()
        assert sealing.result(10) == 1
    assert len(sealed_events()) == 2, "and nothing that came after it began"
    assert trail.seal_events() == 1
    assert len(sealed_events()) == 7
    assert is_whole()


def seal_and_leave() -> int:
    try:
        return trail.seal_events()
    finally:
        connections.close_all()


def test_many_workers_and_writers_at_once_make_one_whole_chain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trail, "MOST_IN_A_SEAL", 3)

    def write() -> None:
        try:
            for count in range(20):
                with transaction.atomic():
                    tell(2)
                    transaction.set_rollback(count % 4 == 0)
        finally:
            connections.close_all()

    def seal() -> None:
        deadline = time.monotonic() + 30
        while any(not writer.done() for writer in writers) and time.monotonic() < deadline:
            seal_and_leave()

    with ThreadPoolExecutor(8) as people:
        writers = [people.submit(write) for _ in range(4)]
        for sealer in [people.submit(seal) for _ in range(3)]:
            sealer.result(60)
        for writer in writers:
            writer.result(60)
    trail.seal_events()
    assert sealed_events() == sorted(Event.objects.values_list("id", flat=True))
    assert len(sealed_events()) == 4 * 15 * 2
    assert is_whole()


SEAL_ONE_BY_ONE = """
from alliance import trail
trail.MOST_IN_A_SEAL = 1
trail.seal_events()
"""


def test_a_worker_that_is_killed_halfway_leaves_a_chain_to_go_on_with() -> None:
    tell(300)
    worker = programs.start(SEAL_ONE_BY_ONE)
    deadline = time.monotonic() + 60
    while Seal.objects.count() < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.kill()
    worker.wait()
    assert 5 <= Seal.objects.count() < 300
    assert is_whole()
    assert trail.seal_events() == 1
    assert len(sealed_events()) == 300
    assert is_whole()
