"""Several at once on real connections: as it happens, or in an order that the test decides."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import connection, connections, transaction

from alliance.exceptions import ActionRefused

Answer = TypeVar("Answer")

_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def told(act: Callable[[], object]) -> str:
    """What the act answered in a connection of its own; a deadlock is an error of the database."""
    try:
        act()
    except ActionRefused as refused:
        return str(refused)
    finally:
        connections.close_all()
    return "done"


def together(*acts: Callable[[], Answer]) -> list[Answer]:
    """What each returned, in their order; all begin at once, each in a connection of its own."""

    def run(act: Callable[[], Answer]) -> Answer:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each was told, "done" where nothing was refused."""
    return together(*(partial(told, act) for act in acts))


def wait_until_blocked(number: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if _blocked() == number:
            return
        time.sleep(0.02)
    raise AssertionError(f"{number} transactions should wait by now")


def meanwhile(first: Callable[[], object], second: Callable[[], object]) -> str:
    """What the second one was told, who came when the first was through but not committed.

    It runs until it waits for the first. Where it does not wait, it is done too early, and what
    it did on the ground of what no longer holds is for the test to see.
    """
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running: Future[str] = pool.submit(told, second)
            while not running.done() and not _blocked():
                time.sleep(0.01)
        return running.result(timeout=30)


def _blocked() -> int:
    """How many transactions wait for a lock now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(_WAITING)
        return int(cursor.fetchone()[0])
