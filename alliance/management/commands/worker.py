"""`manage.py worker`: does the work that web requests leave behind.

One process: the queue of django-tasks for promptness, and every `ALLIANCE_SWEEP_SECONDS` the
`SWEEPS` of the settings, which find the rows whose job was lost. Files are scanned beside both, so
that a scanner that hangs holds up nothing else, and so are `LONG_SWEEPS` done, of which a single
row may take minutes, and `PROMPT_SWEEPS`, which find rows that have no job. Any number may run at
once.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from alliance import sweeping
from alliance.scanning import Scanner

logger = logging.getLogger(__name__)

LONGEST_WAIT = 30  # seconds between attempts to reach a database that is away
SCAN_PAUSE = 2  # seconds after which the scanner's thread looks for files again
LONG_PAUSE = 2  # the same for the thread of the long sweeps
PROMPT_PAUSE = 1  # and for that of the prompt ones


class Command(BaseCommand):
    help = "Run queued tasks and the regular sweeps until stopped."
    # The checks ran when the portal was started; a restart must be quick.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        stopping = threading.Event()
        regular = [settings.SWEEPS, settings.ALLIANCE_SWEEP_SECONDS, stopping]
        sweeper = threading.Thread(target=sweep_until, args=regular, name="sweeper")
        sweeper.start()
        # A scan may take a minute, which nobody waits for here: its file is due again soon.
        threading.Thread(target=scan_until, args=[stopping], name="scanner", daemon=True).start()
        # Nor for these: what was begun is begun again.
        for name, paths, pause in (
            ("long", settings.LONG_SWEEPS, LONG_PAUSE),
            ("prompt", settings.PROMPT_SWEEPS, PROMPT_PAUSE),
        ):
            beside = [paths, pause, stopping]
            threading.Thread(target=sweep_until, args=beside, name=name, daemon=True).start()
        try:
            run_queue()
        finally:
            stopping.set()
            sweeper.join()


def run_queue() -> None:
    """Run tasks as they come, until a signal ends it; a database that is away is waited for."""
    worker = Worker(
        queue_names=["*"],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    wait = 1
    while worker.running:
        started = time.monotonic()
        try:
            worker.run()
        except (OperationalError, InterfaceError):
            logger.exception("The queue is out of reach")
            connections.close_all()
            wait = 1 if time.monotonic() - started > LONGEST_WAIT else min(2 * wait, LONGEST_WAIT)
            time.sleep(wait)


def sweep_until(paths: Sequence[str], pause: float, stopping: threading.Event) -> None:
    """Run these sweeps at once, and again after so many seconds each time, until `stopping` is set.

    The connection is kept for as long as one of a web process is: to make one takes longer than a
    sweep that finds nothing.
    """
    notes = sweeping.Notes()
    while not stopping.is_set():
        for path in paths:
            # Nobody who asks the worker to stop waits for a whole round.
            if stopping.is_set():
                return
            notes.note(path, is_well=sweeping.run(path))
            close_old_connections()
        stopping.wait(pause)


def scan_until(stopping: threading.Event) -> None:
    """Have files scanned as they come, until `stopping` is set."""
    scanner = Scanner()
    while not stopping.is_set():
        try:
            scanner.work()
        except Exception:
            logger.exception("Scanning failed")
        connections.close_all()
        stopping.wait(SCAN_PAUSE)
