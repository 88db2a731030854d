"""`manage.py worker`: does the work that web requests leave behind.

One process: the queue of django-tasks for promptness, and every `ALLIANCE_SWEEP_SECONDS` the
`SWEEPS` of the settings, which find the rows whose job was lost. Files are scanned beside both, so
that a scanner that hangs holds up nothing else, and so are `LONG_SWEEPS` done, of which a single
row may take minutes. Any number may run at once.
"""

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connections
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django_tasks_db.management.commands.db_worker import Worker

from alliance.scanning import Scanner

logger = logging.getLogger(__name__)

LONGEST_WAIT = 30  # seconds between attempts to reach a database that is away
SCAN_PAUSE = 2  # seconds after which the scanner's thread looks for files again
LONG_PAUSE = 2  # the same for the thread of the long sweeps


class Command(BaseCommand):
    help = "Run queued tasks and the regular sweeps until stopped."
    # The checks ran when the portal was started; a restart must be quick.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        stopping = threading.Event()
        sweeper = threading.Thread(target=sweep_until, args=[stopping], name="sweeper")
        sweeper.start()
        # A scan may take a minute, which nobody waits for here: its file is due again soon.
        threading.Thread(target=scan_until, args=[stopping], name="scanner", daemon=True).start()
        # Nor for these: what was begun is begun again.
        threading.Thread(target=long_until, args=[stopping], name="long", daemon=True).start()
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


def sweep_until(stopping: threading.Event) -> None:
    """Run every sweep at once and then regularly, until `stopping` is set."""
    while not stopping.is_set():
        for path in settings.SWEEPS:
            run_sweep(path)
            connections.close_all()
        stopping.wait(settings.ALLIANCE_SWEEP_SECONDS)


def long_until(stopping: threading.Event) -> None:
    """Run the long sweeps as often as there may be something for them, until `stopping` is set."""
    while not stopping.is_set():
        for path in settings.LONG_SWEEPS:
            run_sweep(path)
            connections.close_all()
        stopping.wait(LONG_PAUSE)


def run_sweep(path: str) -> None:
    """Call the function at the dotted `path`; what fails in it is logged and goes no further."""
    try:
        import_string(path)()
    except Exception:
        logger.exception("Sweep %s failed", path)


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
