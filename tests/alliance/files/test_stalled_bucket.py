"""The bucket goes silent: files come or are refused in time, and all else goes on as if it were there.

Two web processes whose line to a real object store is in our hands. The whole waits until nobody
waits any more; the suite mends the line before that.
"""

import hashlib
import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from pytest_django import Settings

from alliance.files import staging
from alliance.files.keeping import drop_files_without_row
from alliance.models import StagedUpload
from organizations.models import Membership, User
from submissions.models import Attachment, Kind
from tests import factories
from tests.faults.members import TOKEN, Answer, Data, Member, document, form_data
from tests.faults.promises import Promise
from tests.faults.proxy import FaultyLine, faulty_line
from tests.faults.test_degrades import PART_AWAY, says
from tests.rules.workers import two_workers
from tests.swift import RunningSwift

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("contents"),
    pytest.mark.xdist_group("stalled bucket"),
    pytest.mark.promise("Loss of database or disk degrades"),
]

# More than the two processes have threads, 64 each.
READERS, SENDERS = 150, 6
PAGES = ("/", "/library/", "/about/", "/dashboard/", "/health/live", "/health/ready")
# Who has a turn at the store waits for 20 seconds in vain, and for no longer than that.
SECONDS_FOR_PAGES, SECONDS_TO_ANSWER = 10, 30


class Got(NamedTuple):
    status: int
    sha256: str
    seconds: float


@pytest.fixture
def line(swift: RunningSwift) -> Iterator[FaultyLine]:
    with faulty_line(swift.port) as faulty:
        yield faulty


@contextmanager
def served(
    line: FaultyLine, settings: Settings, folder: Path
) -> Iterator[Callable[[User], Member]]:
    """Two web processes whose line to the store is this one; yields what opens a browser there."""
    swift = urlsplit(settings.FILES_URL)
    environment = {
        "ALLIANCE_DATA": str(folder),
        "FILES_URL": settings.FILES_URL.replace(f":{swift.port}/", f":{line.port}/"),
        "SECRET_KEY": settings.SECRET_KEY,
        "TRAIL_KEY": settings.TRAIL_KEY,
        "UPLOAD_FREE_DISK_FLOOR": "0",
    }

    def browser(person: User) -> Member:
        session = factories.logged_in(person).session.session_key
        assert session
        return Member(address, person.email, session)

    with (folder / "log").open("wb") as log, two_workers(log=log, **environment) as address:
        yield browser


def owner() -> User:
    return factories.member(factories.organization(logo=""), Membership.Role.OWNER)


def got(member: Member, path: str) -> Got:
    """What came, and how long it took; a status of 0 where the answer broke off."""
    began = time.monotonic()
    place = urlsplit(member.url)
    line = http.client.HTTPConnection(str(place.hostname), place.port, timeout=90)
    cookie = f"alliance_session_{place.port}={member.session}; alliance_csrf_{place.port}={TOKEN}"
    try:
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        status, content = answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        status, content = 0, b""
    finally:
        line.close()
    return Got(status, hashlib.sha256(content).hexdigest(), time.monotonic() - began)


class Crowd:
    """Readers and senders of files, all at once."""

    def __init__(self, reader: Member, path: str, senders: list[tuple[Member, str, Data]]) -> None:
        self._pool = ThreadPoolExecutor(READERS + SENDERS)
        self.sent: list[Future[Answer]] = [
            self._pool.submit(member.post, start, data, document())
            for member, start, data in senders
        ]
        self.read = [self._pool.submit(got, reader, path) for _reader in range(READERS)]

    def waiting(self) -> int:
        futures: list[Future[Any]] = [*self.sent, *self.read]
        return sum(not future.done() for future in futures)


def forms(browser: Callable[[User], Member]) -> list[tuple[Member, str, Data]]:
    """A form that is filled in, of somebody else each time."""
    found = []
    for member in [browser(owner()) for _sender in range(SENDERS)]:
        start = member.start(Kind.DEMAND)
        found.append((member, start, form_data(Kind.DEMAND, member.get(start).page)))
    return found


def is_clear(answer: Answer) -> bool:
    """Sent, or refused in words."""
    return answer.location.endswith("/check/") or says(answer, PART_AWAY)


def whole_or_not_there(swift: RunningSwift, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row has its document as it was sent; nothing is left of others once they were swept."""
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(staging, "_ORPHAN_AFTER", -timedelta(hours=1))
    for row in Attachment.objects.all():
        with row.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == row.sha256
    staging.sweep_staging()
    drop_files_without_row(Attachment, Attachment.FOLDER, later)
    papers = {f"private/{name}" for name in Attachment.objects.values_list("file", flat=True)}
    waiting = StagedUpload.objects.waiting().values_list("path", flat=True)
    assert set(swift.stored()) == papers | {f"staging/{path}" for path in waiting}


@pytest.mark.parametrize(
    "is_patient",
    [pytest.param(False, id="short"), pytest.param(True, id="whole", marks=pytest.mark.whole)],
)
def test_a_silent_bucket_holds_up_files_alone_and_leaves_nothing_half_written(
    swift: RunningSwift,
    line: FaultyLine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    promise: Promise,
    *,
    is_patient: bool,
) -> None:
    person = owner()
    paper = factories.attachment(factories.draft(person), by=person)
    path = f"/submissions/{paper.submission.uuid}/attachments/{paper.pk}/"
    with served(line, settings, tmp_path) as browser:
        reader, senders = browser(person), forms(browser)
        assert got(reader, path)[:2] == (200, paper.sha256)
        line.stall()
        # Nobody else asks the store yet: the question itself is what takes its time.
        watched = got(reader, "/health/ready")
        assert (watched.status, watched.seconds < SECONDS_FOR_PAGES) == (200, True)
        crowd = Crowd(reader, path, senders)
        time.sleep(3)
        pages = {page: got(reader, page) for page in PAGES}
        assert {page: one.status for page, one in pages.items()} == dict.fromkeys(PAGES, 200)
        slow = {page for page, one in pages.items() if one.seconds > SECONDS_FOR_PAGES}
        assert slow == set()
        assert 0 < crowd.waiting() < READERS
        if is_patient:
            assert {future.result().status for future in crowd.read} == {503}
            assert all(says(future.result(), PART_AWAY) for future in crowd.sent)
        line.mend()
        read = [future.result() for future in crowd.read]
        assert {one[:2] for one in read if one.status != 503} <= {(200, paper.sha256)}
        assert all(is_clear(future.result()) for future in crowd.sent)
        assert max(one.seconds for one in read) < SECONDS_TO_ANSWER
        assert got(reader, path)[:2] == (200, paper.sha256)
        assert all(
            member.post(start, data, document()).location.endswith("/check/")
            for member, start, data in forms(browser)
        )
    whole_or_not_there(swift, monkeypatch)
    promise.counted(
        1,
        readers_and_senders=READERS + SENDERS,
        seconds_for_a_page=round(max(one.seconds for one in pages.values()), 1),
        seconds_for_a_file=round(max(one.seconds for one in read), 1),
    )
