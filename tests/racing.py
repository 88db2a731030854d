"""Two at once on real connections, in an order that the test decides."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection, connections, transaction

from alliance.exceptions import ActionRefused

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
