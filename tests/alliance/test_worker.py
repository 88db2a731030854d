"""The worker: sweeps that fail alone, and a process that works until it is asked to stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from alliance import sweeping
from alliance.emails import deliver
from alliance.management.commands.worker import sweep_until
from alliance.models import OutgoingMail
from submissions.models import Submission
from tests import factories

CHECKOUT = Path(__file__).resolve().parents[2]


def due_mail() -> OutgoingMail:
    """A message that no job stands for."""
    return OutgoingMail.objects.create(
        message="test", recipient="amara@example.org", sender="a@example.org", subject="S", text="T"
    )


def wait(condition: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.django_db
def test_a_failing_sweep_keeps_no_other_from_running(caplog: pytest.LogCaptureFixture) -> None:
    mail = due_mail()
    for path in ("alliance.emails.no_such_sweep", "alliance.emails.send_due_mail"):
        sweeping.run(path)
    mail.refresh_from_db()
    assert mail.status == OutgoingMail.Status.SENT
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "Sweep alliance.emails.no_such_sweep failed"
    ]


stopping = threading.Event()


def ask_to_stop() -> None:
    stopping.set()


@pytest.mark.django_db(transaction=True)
def test_asked_to_stop_it_begins_no_other_sweep() -> None:
    mail = due_mail()
    paths = [f"{__name__}.ask_to_stop", "alliance.emails.send_due_mail"]
    sweep_until(paths, 0, stopping)
    mail.refresh_from_db()
    assert mail.status == OutgoingMail.Status.QUEUED


@pytest.mark.django_db(transaction=True)
def test_it_works_off_queue_and_sweeps_until_asked_to_stop(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    mail = due_mail()
    found = connection.settings_dict
    url = f"postgresql://{found['USER']}@{quote(found['HOST'], safe='')}/{found['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=CHECKOUT,
        env=os.environ | {"DATABASE_URL": url, "ALLIANCE_SWEEP_SECONDS": "600"},
        stderr=subprocess.DEVNULL,
    )
    try:
        assert wait(lambda: not OutgoingMail.objects.due().exists())
        job = deliver.enqueue()
        assert wait(lambda: DBTaskResult.objects.get(pk=job.id).status == "SUCCESSFUL")
        factories.send_draft(factories.draft(owner), by=owner)
        # Found by the prompt sweep: it has no job, and the regular ones are over.
        assert wait(lambda: not Submission.objects.arriving().exists(), 20)
    finally:
        worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    mail.refresh_from_db()
    assert mail.status == OutgoingMail.Status.SENT
