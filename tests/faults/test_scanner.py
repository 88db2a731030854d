"""An unchecked file is not handed out: a worker and a scanner that die, freeze and lose their line.

The whole takes minutes: `make faults ONLY=scanner`. The suite runs a tenth of it.
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from organizations.models import Organization, OrganizationDocument
from tests import factories
from tests.alliance.files import paper_samples as papers
from tests.clamd import EICAR, RunningClamd
from tests.faults.promises import Promise

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.promise("An unchecked file is not handed out"),
]

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_AFTER_IT_IS_BACK = 120
# Rounds, and whether a file that a dead worker held is waited for as long as it takes.
ROUNDS = [
    pytest.param(10, False, id="short"),
    pytest.param(100, True, id="whole", marks=pytest.mark.whole),
]


class Worker:
    """`manage.py worker` on the test's database, killed and started again."""

    def __init__(self, clamd_url: str) -> None:
        found = connection.settings_dict
        url = f"postgresql://{found['USER']}@{quote(found['HOST'], safe='')}/{found['NAME']}"
        self.environment = os.environ | {
            "ALLIANCE_MODE": "local",
            "ALLIANCE_DATA": str(settings.ALLIANCE_DATA),
            "ALLIANCE_SWEEP_SECONDS": "5",
            "CLAMD_URL": clamd_url,
            "DATABASE_URL": url,
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=CHECKOUT,
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def working(clamd: RunningClamd) -> Iterator[Worker]:
    worker = Worker(clamd.url)
    try:
        yield worker
    finally:
        worker.kill()
        clamd.end()


def keep(place: Organization, number: int) -> tuple[OrganizationDocument, bool]:
    """A document that waits, every other one with a virus in it; and whether it has."""
    is_bad = number % 2 == 1
    inside = EICAR if is_bad else b"rain"
    content = papers.office(more={"word/media/a.txt": inside + str(number).encode()})
    row = OrganizationDocument.objects.create(
        organization=place,
        kind="other",
        name=f"{number}.docx",
        file=storages["private"].save("organizations/a.docx", ContentFile(content)),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="text/plain",
        scan="waiting",
        scan_due_at=timezone.now(),
    )
    return row, is_bad


def disturb(chance: random.Random, clamd: RunningClamd, worker: Worker) -> None:
    """Let something go wrong for a moment, and end it."""
    what = chance.choice(["scanner", "worker", "freeze", "nothing"])
    pause = chance.uniform(0, 1.5)
    if what == "scanner":
        clamd.stop()
        time.sleep(pause)
        clamd.start()
    elif what == "worker":
        worker.kill()
        time.sleep(pause)
        worker.start()
    elif what == "freeze":
        clamd.freeze()
        time.sleep(pause)
        clamd.thaw()
    else:
        time.sleep(pause)


def none_is_open_that_is_bad(bad: set[str]) -> None:
    opened = OrganizationDocument.objects.filter(scan="clean").values_list("name", flat=True)
    assert set(opened) & bad == set()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("rounds", "is_patient"), ROUNDS)
def test_no_virus_is_handed_out_whatever_dies_and_every_file_is_judged_in_the_end(
    contents: None, rounds: int, is_patient: bool, promise: Promise
) -> None:
    chance = random.Random(11)
    place = factories.organization()
    bad: set[str] = set()
    clamd = RunningClamd().start()
    with working(clamd) as worker:
        for number in range(rounds):
            row, is_bad = keep(place, number)
            if is_bad:
                bad.add(row.name)
            disturb(chance, clamd, worker)
            none_is_open_that_is_bad(bad)
        waiting = OrganizationDocument.objects.filter(scan_due_at__isnull=False)
        # Nobody waits here for the pauses between attempts.
        due = waiting.filter(scan_attempts__gt=0) if is_patient else waiting
        deadline = time.monotonic() + SECONDS_AFTER_IT_IS_BACK
        while waiting.exists():
            assert time.monotonic() < deadline, list(waiting.values("name", "scan", "scan_word"))
            due.update(scan_due_at=timezone.now())
            time.sleep(4)
        none_is_open_that_is_bad(bad)
        refused = OrganizationDocument.objects.filter(scan="refused")
        assert set(refused.values_list("name", flat=True)) == bad
        assert OrganizationDocument.objects.filter(scan="clean").count() == rounds - len(bad)
        promise.counted(rounds, clean=rounds - len(bad), refused=len(bad))


@pytest.mark.timeout(300)
def test_worker_scans_what_arrives_within_seconds(contents: None) -> None:
    place = factories.organization()
    clamd = RunningClamd().start()
    with working(clamd):
        row, _is_bad = keep(place, 0)
        deadline = time.monotonic() + 30
        while row.scan == "waiting":
            assert time.monotonic() < deadline
            time.sleep(0.2)
            row.refresh_from_db()
        assert row.scan == "clean"
