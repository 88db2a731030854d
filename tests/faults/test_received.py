"""“Received” is never lost: what serves, works and keeps is killed while members send forms.

The whole takes minutes: `make faults ONLY=received`. The suite runs a tenth of it.
"""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import cycle, islice

import pytest

from tests.faults.members import Sender, Sent, make_members
from tests.faults.processes import children, command_line
from tests.faults.promises import Promise
from tests.portal import Portal, running_portal

pytestmark = [
    pytest.mark.xdist_group("received"),
    pytest.mark.promise("“Received” is never lost"),
]

MEMBERS = 6
# The server as a whole takes longest to come back: it is started again after pauses that grow.
WORKER, CONNECTION, SERVER = "web worker", "database connection", "database server"
# Takes in what was sent: letter and due diligence.
JOBS = "background worker"
KINDS = {"EOI": "eoi", "DEM": "demand", "OFF": "offer"}
SHORT = [WORKER] * 4 + [CONNECTION] * 4 + [JOBS, SERVER]
SECONDS_BETWEEN_NUMBERS = 150
SECONDS_FOR_ALL_MAIL = 120
LONGEST_LOG = 30_000  # characters

# What became of the numbers that were shown, and of everything else that was sent.
_FOUND = """
import hashlib, json
from alliance.models import OutgoingMail
from submissions.answers import codes
from submissions.models import Submission

def is_told(row):
    if row.is_arriving or not row.is_application:
        return not row.is_arriving
    wants = set(codes(row.revisions.get().answers["interest"]))
    return (
        wants <= set(row.organization.due_diligence_cycles.get().engagement)
        and row.organization.screened_names.filter(kind="lead").count() == 1
    )

found = []
sent = Submission.objects.exclude(status="draft").filter(submitted_by__email__startswith="NAME")
for row in sent.prefetch_related("revisions__attachments"):
    mails = OutgoingMail.objects.filter(
        message__in=["application_received", "demand_offer_received"],
        text__contains=row.reference,
    )
    found.append({
        "reference": row.reference,
        "description": [each.answers["description"] for each in row.revisions.all()],
        "sha256": [
            hashlib.sha256(document.file.read()).hexdigest()
            for revision in row.revisions.all()
            for document in revision.attachments.all()
        ],
        "email": [mail.recipient for mail in mails],
        "unsent": len([mail for mail in mails if mail.status != "sent"]),
        "is_told": is_told(row),
    })
print(json.dumps(found))
"""

# Institutions that nobody has looked for on the list, and transactions that are under way.
_AT_REST = """
from django.db import connection
from organizations.models import Organization
UNDER_WAY = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
waiting = Organization.objects.filter(name__startswith="between", screening_runs=None).count()
with connection.cursor() as cursor:
    cursor.execute(UNDER_WAY)
    print(waiting + cursor.fetchone()[0])
"""

# Lets the stopped worker begin, and kills it where it waits for this: people are named already, the
# letter is not written.
_KILL_BETWEEN = """
import os, signal, time
from django.db import connection, transaction
from organizations.models import DueDiligence
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
with transaction.atomic(), connection.cursor() as cursor:
    names = DueDiligence.objects.filter(organization__name__startswith="NAME")
    assert list(names.select_for_update(of=["self"]))
    os.kill(PID, signal.SIGCONT)
    deadline, waits = time.monotonic() + 60, 0
    while not waits and time.monotonic() < deadline:
        cursor.execute(WAITS)
        waits = cursor.fetchone()[0]
        time.sleep(0.05)
    os.kill(PID, signal.SIGKILL)
print(waits)
"""


@pytest.fixture(scope="module")
def doomed() -> Iterator[Portal]:
    """A portal of these tests' own, whose parts may be killed."""
    with running_portal("received") as running:
        yield running


@contextmanager
def logs_told(portal: Portal) -> Iterator[None]:
    """What fails in here fails with what the portal noted last; its folder goes with it."""
    try:
        yield
    except AssertionError as error:
        for log in sorted((portal.data / "log").glob("*.log")):
            error.add_note(f"--- {log.name}\n{log.read_text(errors='replace')[-LONGEST_LOG:]}")
        raise


def victims(portal: Portal, kind: str) -> list[int]:
    """The processes of that kind that run now."""
    programs = {command_line(pid): pid for pid in children(portal.process.pid)}
    web = next((pid for line, pid in programs.items() if "gunicorn" in line), 0)
    server = next((pid for line, pid in programs.items() if "/postgres -D" in line), 0)
    if kind == WORKER:
        return children(web) if web else []
    if kind == JOBS:
        return [pid for line, pid in programs.items() if line.rstrip().endswith("manage.py worker")]
    if kind == SERVER:
        return [server] if server else []
    connections = children(server) if server else []
    return [
        pid for pid in connections if "postgres: alliance_runtime alliance" in command_line(pid)
    ]


def kill_one(portal: Portal, kind: str, chance: random.Random) -> None:
    """Kill one of that kind; waits until there is one."""
    deadline = time.monotonic() + SECONDS_BETWEEN_NUMBERS
    while True:
        if found := victims(portal, kind):
            with suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)
                return
        assert time.monotonic() < deadline, f"there is no {kind}"
        time.sleep(0.05)


def stop_at_rest(portal: Portal, worker: int) -> None:
    """Freeze the worker while it holds no lock: the first look at an institution is over."""
    deadline = time.monotonic() + SECONDS_FOR_ALL_MAIL
    while True:
        os.kill(worker, signal.SIGSTOP)
        if portal.run(_AT_REST).strip() == "0":
            return
        os.kill(worker, signal.SIGCONT)
        assert time.monotonic() < deadline, "the worker is never at rest"
        time.sleep(0.2)


class Crowd:
    """Members who send one form after the other until they are told to stop."""

    def __init__(self, portal: Portal) -> None:
        self.senders = [Sender(member) for member in make_members(portal, "sender", MEMBERS)]
        self.is_over = threading.Event()
        self._pool = ThreadPoolExecutor(MEMBERS)
        self._running = [
            self._pool.submit(self._work, sender, first)
            for first, sender in enumerate(self.senders)
        ]

    @property
    def shown(self) -> list[Sent]:
        return [sent for sender in self.senders for sent in sender.shown]

    def wait_for_more_than(self, number: int) -> None:
        deadline = time.monotonic() + SECONDS_BETWEEN_NUMBERS
        while len(self.shown) <= number:
            assert time.monotonic() < deadline, "nobody is served any more"
            for work in self._running:
                if work.done():
                    work.result()
            time.sleep(0.01)

    def stop(self) -> None:
        """Let them finish what they are at."""
        self.is_over.set()
        self._pool.shutdown()
        for work in self._running:
            work.result()

    def _work(self, sender: Sender, first: int) -> None:
        """The kinds in turn; not everybody begins with the same."""
        for kind in islice(cycle(KINDS.values()), first, None):
            if self.is_over.is_set():
                return
            sender.send(kind)


def find(portal: Portal, name: str) -> list[dict[str, object]]:
    """What members of that name sent, once all who are to hear of it did; at the latest after
    `SECONDS_FOR_ALL_MAIL`.
    """
    deadline = time.monotonic() + SECONDS_FOR_ALL_MAIL
    while True:
        found: list[dict[str, object]] = json.loads(portal.run(_FOUND.replace("NAME", name)))
        if (
            all(row["is_told"] and row["unsent"] == 0 for row in found)
            or time.monotonic() > deadline
        ):
            return found


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(SHORT, id="short"),
        pytest.param(SHORT * 10, id="whole", marks=pytest.mark.whole),
    ],
)
def test_each_number_that_was_shown_has_its_row_its_document_and_its_mail(
    doomed: Portal, kills: list[str], promise: Promise
) -> None:
    with logs_told(doomed):
        crowd = kill_while_they_send(doomed, kills)
    cuts = sum(sender.cuts for sender in crowd.senders)
    promise.counted(len(kills), numbers_shown=len(crowd.shown), requests_cut=cuts)
    assert cuts > 0
    assert {sent.reference.partition("-")[0] for sent in crowd.shown} == set(KINDS)
    with logs_told(doomed):
        compare(crowd, find(doomed, "sender"))


def kill_while_they_send(portal: Portal, kills: list[str]) -> Crowd:
    chance = random.Random(7)
    crowd = Crowd(portal)
    try:
        for kind in chance.sample(kills, len(kills)):
            # Only where somebody is served is there something to lose.
            crowd.wait_for_more_than(len(crowd.shown))
            time.sleep(chance.uniform(0, 0.4))
            kill_one(portal, kind, chance)
    finally:
        crowd.stop()
    return crowd


def compare(crowd: Crowd, rows: list[dict[str, object]]) -> None:
    """Each number that was shown with its row, its document and its mail, and nothing else."""
    found = {row["reference"]: row for row in rows}
    for sent in crowd.shown:
        row: dict[str, object] = {
            name: [value] if value else [] for name, value in asdict(sent).items()
        }
        assert found.get(sent.reference) == row | {
            "unsent": 0,
            "is_told": True,
            "reference": sent.reference,
        }
    # What was received without an answer that arrived is tried again: it must not be there twice.
    assert Counter(str(row["description"]) for row in found.values()).most_common(1)[0][1] == 1
    assert len(found) == len(crowd.shown)


def test_a_worker_killed_between_names_and_letter_leaves_one_letter_and_all_told(
    doomed: Portal,
) -> None:
    sender = Sender(make_members(doomed, "between", 1)[0])
    [worker] = victims(doomed, JOBS)
    stop_at_rest(doomed, worker)
    sender.send("eoi")
    killing = _KILL_BETWEEN.replace("NAME", "between").replace("PID", str(worker))
    assert doomed.run(killing).strip() == "1"
    [row] = find(doomed, "between")
    assert (row["email"], row["unsent"], row["is_told"]) == ([sender.member.email], 0, True)
