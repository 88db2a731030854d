"""Loss of the database or of room on the disk: a clear page, nothing half written, no orphans.

A web server of its own with the line to its database in our hands, and a small disk for its files.
"""

import http.client
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from alliance.files.keeping import drop_files_without_row
from alliance.files.staging import sweep_staging
from alliance.models import StagedUpload
from organizations.models import Membership, User
from submissions.models import Attachment, Kind, Submission
from tests import factories
from tests.faults.members import Answer, Data, Member, document, form_data, hidden
from tests.faults.proxy import FaultyLine, faulty_line
from tests.rules.workers import two_workers

pytestmark = [
    pytest.mark.usefixtures("contents"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.promise("Loss of database or disk degrades"),
]

SECONDS_TO_ANSWER = 25
SECONDS_TO_COME_BACK = 5
AWAY = "We will be back shortly"
PART_AWAY = "This does not work at the moment"
PAGES = ("/", "/library/", "/login/", "/board/", "/dashboard/", "/organization/", "/admin/")
DISK = 2**23
BLOCK = 2**12  # the least that a file takes
MOUNTED = pytest.mark.skipif(
    subprocess.run(["id", "-u"], capture_output=True, text=True, check=True).stdout != "0\n",
    reason="a disk can be mounted by root alone",
)


@pytest.fixture
def line() -> Iterator[FaultyLine]:
    with faulty_line(Path(connection.settings_dict["HOST"], ".s.PGSQL.5432")) as faulty:
        yield faulty


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A data folder on a small disk of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    subprocess.run(mounting, check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def served(line: FaultyLine, folder: Path) -> Iterator[Callable[[User], Member]]:
    """A web server whose line to the database is this one; yields what opens a browser there."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@127.0.0.1:{line.port}/{database['NAME']}"
    environment = {
        "ALLIANCE_DATA": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": settings.SECRET_KEY,
        "TRAIL_KEY": settings.TRAIL_KEY,
        "UPLOAD_FREE_DISK_FLOOR": "0",
        "WEB_WORKERS": "1",
    }

    def browser(person: User) -> Member:
        session = factories.logged_in(person).session.session_key
        assert session
        return Member(address, person.email, session)

    with (folder.parent / "log").open("wb") as log, two_workers(log=log, **environment) as address:
        yield browser


def owner() -> User:
    return factories.member(factories.organization(logo=""), Membership.Role.OWNER)


def ask(member: Member, path: str) -> tuple[Answer, http.client.HTTPMessage]:
    """An answer with its headers, and how they protect it."""
    place = urlsplit(member.url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    cookie = f"alliance_session_{place.port}={member.session}"
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return Answer(answer.status, "", page), answer.headers


def says(answer: Answer, heading: str) -> bool:
    """Whether it is an error page of the portal with this heading, and no word for programmers."""
    return (
        answer.status == 503
        and f"<h1>{heading}</h1>" in answer.page
        and "css/site." in answer.page
        and not re.search(r"Traceback|psycopg|Error at", answer.page)
    )


def say_that_it_is_away(member: Member, submit: tuple[str, Data]) -> None:
    """Every page and what is sent, all at once."""
    began = time.monotonic()
    with ThreadPoolExecutor(len(PAGES) + 4) as pool:
        pages = list(pool.map(lambda path: (path, *ask(member, path)), PAGES))
        sent = pool.submit(member.post, *submit).result()
        nobody = replace(member, session="")  # whoever watches has no login
        live, ready = pool.map(nobody.get, ("/health/live", "/health/ready"))
    assert [path for path, answer, _headers in pages if not says(answer, AWAY)] == []
    for _path, _answer, headers in pages:
        assert headers["Retry-After"] == "60"
        assert "default-src" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert says(sent, AWAY)
    assert "your browser still holds what you typed" in sent.page
    assert (live.status, ready.status) == (200, 503)
    assert time.monotonic() - began < SECONDS_TO_ANSWER


def comes_back(member: Member) -> None:
    deadline = time.monotonic() + SECONDS_TO_COME_BACK
    while [member.get(path).status for path in ("/", "/dashboard/", "/health/ready")] != [200] * 3:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_without_a_database_each_page_says_so_and_what_was_sent_is_whole_or_not_at_all(
    line: FaultyLine, tmp_path: Path
) -> None:
    person = owner()
    draft = factories.draft(person, Kind.OFFER)
    with served(line, tmp_path / "data") as browser:
        member = browser(person)
        path = f"/submissions/{draft.uuid}/check/"
        page = member.get(path).page
        data: Data = {name: hidden(page, name) for name in ("version", "documents")}
        comes_back(member)
        line.refuse()
        say_that_it_is_away(member, (path, data))
        line.stall()  # as behind a line that was cut: whoever connects hears nothing
        say_that_it_is_away(member, (path, data))
        line.mend()
        comes_back(member)
        assert Submission.objects.get().status == "draft"
        assert member.post(path, data).location.endswith("/received/")
        line.refuse()
        line.mend()  # as when the server was started anew: connections that are open are dead
        comes_back(member)
    assert Submission.objects.get().revisions.count() == 1


@contextmanager
def filled(disk: Path, left: int) -> Iterator[None]:
    """Something else takes all of the disk but so many bytes."""
    other = disk / ".something-else"
    with other.open("wb", 0) as file:
        with suppress(OSError):
            while file.write(bytes(2**12)):
                pass
        file.truncate(max(0, file.tell() - left))
    try:
        yield
    finally:
        other.unlink()


def names_on(disk: Path) -> set[str]:
    folders = [disk / "private", disk / "staging"]
    found = {path for place in folders for path in place.rglob("*") if path.is_file()}
    locks = set((disk / "staging").glob(".decoding-*"))
    return {str(path.relative_to(disk)) for path in found - locks}


@MOUNTED
def test_on_a_full_disk_each_form_says_so_and_leaves_no_half_of_a_file(
    line: FaultyLine, disk: Path, settings: Settings
) -> None:
    with served(line, disk) as browser:
        member = browser(owner())
        start = member.start(Kind.DEMAND)
        data, content = form_data(Kind.DEMAND, member.get(start).page), document()
        # It is there three times for a moment: as it arrives, where it waits, where it is kept.
        for blocks in range(3):
            with filled(disk, blocks * BLOCK):
                assert member.get("/dashboard/").status == 200
                answer = member.post(start, data, content)
                is_refused = "There is no room for this file" in answer.page
                assert (is_refused, says(answer, PART_AWAY)) == (blocks < 2, blocks == 2)
        check = member.post(start, data, content).location
        assert check.endswith("/check/")
    settings.ALLIANCE_DATA = disk
    # A day later: what had arrived and could not be kept has waited for its sender long enough.
    StagedUpload.objects.update(created_at=timezone.now() - timedelta(days=2))
    sweep_staging()
    drop_files_without_row(Attachment, Attachment.FOLDER, timezone.now() + timedelta(hours=1))
    assert names_on(disk) == {f"private/{Attachment.objects.get().file.name}"}
