"""A backup restores: what was copied under way stands again in an empty place, and a person uses it.

The suite runs it on a portal that is there; `make drill` on one that is really destroyed, with
more people at work.
"""

import hashlib
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from alliance.embedded_postgres import EmbeddedPostgres
from submissions.models import Kind
from tests import factories
from tests.faults.members import Sender, hidden, make_members
from tests.faults.promises import Promise
from tests.portal import CHECKOUT, Portal, running_portal

pytestmark = [
    pytest.mark.promise("A backup restores"),
]

SECRETS = ("secret_key", "trail_key")

# A decided case, a paper with its file, somebody's browser, and somebody who will be erased.
_MAKE = """
import json
from django.conf import settings
from organizations.actions.documents import add_document
from organizations.login import browsers
from organizations.models import Membership
from tests import factories
place = factories.organization(name="Copied")
person = factories.member(place, Membership.Role.OWNER, email="kept@example.org")
factories.member(factories.organization(), Membership.Role.OWNER, email="erased@example.org")
case = factories.demand(person, "declined")
paper = add_document(place, by=person, kind="statutes", upload=factories.staged_document())
print(json.dumps({
    "browser": [settings.BROWSER_COOKIE_NAME, browsers.cookie_value(person)],
    "case": case.reference,
    "paper": str(paper.pk),
    "sha256": paper.sha256,
}))
"""
_TO_KEPT = "from alliance.models import OutgoingMail as M; to = M.objects.filter(recipient='kept@example.org')\n"
_DELETE_BY_MISTAKE = _TO_KEPT + "print(to.delete()[0])"
_ERASE = """
from organizations.models import User
from submissions.actions.my_data import erase_account
person = User.objects.get(email="erased@example.org")
erase_account(person, by=person)
print(person.pk)
"""
_LOOK = (
    _TO_KEPT
    + """
import json
from organizations.models import User
from submissions.models import Submission
rows = Submission.objects.exclude(reference=None)
print(json.dumps({
    "cases": dict(rows.values_list("reference", "status")),
    "mails": to.count(),
    "erased": User.objects.filter(email="erased@example.org").count() == 0,
}))
"""
)


@dataclass
class Copies:
    """The folder of the copies, on which the commands work as an operator gives them."""

    folder: Path
    source: Portal
    people: int
    is_doomed: bool
    # What was given to the commands behind the folder.
    given: set[tuple[str, ...]] = field(default_factory=set)

    def manage(self, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        self.given.add(arguments)
        return subprocess.run(
            [sys.executable, "manage.py", arguments[0], str(self.folder), *arguments[1:]],
            cwd=CHECKOUT,
            env=_environment(data),
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def following(self) -> Iterator[None]:
        self.given.add(("backup", "--follow"))
        process = subprocess.Popen(
            [sys.executable, "manage.py", "backup", str(self.folder), "--follow"],
            cwd=CHECKOUT,
            env=_environment(self.source.data),
        )
        try:
            wait_for(lambda: list(self.folder.glob("log/*/*")))
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0

    def new_place(self, name: str) -> Path:
        """An empty data folder that has the secrets, which are in no copy."""
        place = self.folder.with_name(name)
        place.mkdir()
        for secret in SECRETS:
            shutil.copy(self.folder.with_name(secret), place)
        return place


def _environment(data: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return ours | {"ALLIANCE_MODE": "local", "ALLIANCE_DATA": str(data)}


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(params=["short", pytest.param("whole", marks=pytest.mark.whole)])
def copies(request: pytest.FixtureRequest) -> Iterator[Copies]:
    """In CI those of the portal that is there, else of one that may be destroyed.

    Beside the data of the portals, where the account of the database server gets to.
    """
    folder = settings.ALLIANCE_DATA / f"drill{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        if request.param == "short":
            portal = request.getfixturevalue("portal")
            yield copies_of(portal, folder, people=2, is_doomed=False)
        else:
            with running_portal("doomed") as doomed:
                yield copies_of(doomed, folder, people=6, is_doomed=True)
    finally:
        shutil.rmtree(folder)


def copies_of(source: Portal, folder: Path, *, people: int, is_doomed: bool) -> Copies:
    for secret in SECRETS:
        shutil.copy(source.data / secret, folder)
    return Copies(folder / "copies", source, people, is_doomed)


def destroy(portal: Portal) -> None:
    """What a burnt disk does."""
    os.killpg(portal.process.pid, signal.SIGKILL)
    portal.process.wait()
    time.sleep(2)
    EmbeddedPostgres(portal.data).remove()
    shutil.rmtree(portal.data)
    portal.data.mkdir()


@contextmanager
def people_at_work(portal: Portal, count: int) -> Iterator[list[Sender]]:
    """Members send Demands with documents while in the block."""
    senders = [Sender(member) for member in make_members(portal, "copied", count)]
    is_over = threading.Event()

    def work(sender: Sender) -> None:
        while not is_over.is_set():
            sender.send(Kind.DEMAND)

    threads = [threading.Thread(target=work, args=[sender]) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: all(sender.shown for sender in senders))
        yield senders
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


class Browser:
    """A browser without scripts that keeps its cookies."""

    def __init__(self, portal: Portal, name: str, value: str) -> None:
        self._port = portal.port
        self._cookies = {name.rpartition("_")[0] + f"_{portal.port}": value}

    def ask(self, method: str, path: str, **data: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("localhost", self._port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(data), headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: found.value for name, found in SimpleCookie(line).items()}
        body = answer.read()
        connection.close()
        return answer.status, body

    def log_in(self, email: str) -> None:
        _status, page = self.ask("GET", "/login/")
        token = hidden(page.decode(), "csrfmiddlewaretoken")
        data = {"login": email, "password": factories.PASSWORD, "csrfmiddlewaretoken": token}
        assert self.ask("POST", "/login/", **data)[0] == 302
        assert self.ask("GET", "/dashboard/")[0] == 200


@pytest.mark.timeout(1800)
def test_what_was_copied_under_way_stands_again_and_a_person_goes_on(
    copies: Copies, promise: Promise
) -> None:
    source = copies.source
    with copies.following():
        with people_at_work(source, copies.people) as senders:
            shown = [sent.reference for sender in senders for sent in list(sender.shown)]
            assert copies.manage(source.data, "backup", "--keep", "30").returncode == 0
        # After that copy, so that only the log has the rows, and the next copy the file.
        kept = json.loads(source.run(_MAKE))
        before_the_mistake = datetime.now(UTC)
        time.sleep(1)
        mails = int(source.run(_DELETE_BY_MISTAKE))
        source.run(_ERASE)
        made = copies.manage(source.data, "backup")
        assert made.returncode == 0, made.stderr
    if copies.is_doomed:
        destroy(source)

    whole = copies.manage(copies.new_place("whole"), "restore")
    assert whole.returncode == 0, whole.stderr
    EmbeddedPostgres(copies.folder.with_name("whole")).remove()
    assert "tables are as they were" in whole.stdout

    place = copies.new_place("earlier")
    at = f"{before_the_mistake + timedelta(milliseconds=500):%Y-%m-%d %H:%M:%S.%f}"
    earlier = copies.manage(place, "restore", "--to", at)
    assert earlier.returncode == 0, earlier.stderr
    assert "1 people who had been erased since were erased again" in earlier.stdout
    again = Portal(place)
    try:
        again.wait_until_ready()
        found = json.loads(again.run(_LOOK))
        assert set(shown) <= set(found["cases"])
        assert found["cases"][kept["case"]] == "declined"
        assert found["mails"] == mails > 0
        assert found["erased"]
        browser = Browser(again, *kept["browser"])
        browser.log_in("kept@example.org")
        status, paper = browser.ask("GET", f"/organization/documents/{kept['paper']}/")
        assert (status, hashlib.sha256(paper).hexdigest()) == (200, kept["sha256"])
    finally:
        again.stop()
        EmbeddedPostgres(place).remove()

    promise.counted(1, numbers_shown=len(shown), cases=len(found["cases"]))
    if copies.is_doomed:
        latest_is_the_end_of_the_log(copies)
        without_the_newest_copy_the_one_before_comes_back(copies)
        assert commands_of_the_handbook() <= {words[:2] for words in copies.given}
    refused(copies, lose_part_of_the_log(copies), "--to", "latest")
    refused(copies, damage_a_file(copies))


def commands_of_the_handbook() -> set[tuple[str, ...]]:
    """The commands of docs/operations.md about copies, each with its first option."""
    lines = re.findall(
        r"^\.venv/bin/python manage\.py ((?:backup|restore) /srv/copies.*)$",
        (CHECKOUT / "docs/operations.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(lines) == 5
    return {(words[0], *words[2:3]) for words in map(shlex.split, lines)}


def latest_is_the_end_of_the_log(copies: Copies) -> None:
    place = copies.new_place("latest")
    answer = copies.manage(place, "restore", "--to", "latest")
    assert answer.returncode == 0, answer.stderr
    assert "The last change in it: " in answer.stdout
    EmbeddedPostgres(place).remove()


def without_the_newest_copy_the_one_before_comes_back(copies: Copies) -> None:
    newest = sorted((copies.folder / "copies").iterdir())[-1]
    flip(newest / "database.dump")
    refused(copies, newest / "database.dump")
    newest.rename(copies.folder.with_name("moved-away"))
    place = copies.new_place("before")
    answer = copies.manage(place, "restore")
    assert answer.returncode == 0, answer.stderr
    EmbeddedPostgres(place).remove()
    refused(copies, damage_the_log(copies), "--to", "latest")
    shutil.move(copies.folder.with_name("moved-away"), newest)
    flip(newest / "database.dump")


def flip(path: Path) -> None:
    """Another byte in the middle of it; done twice, the file is as it was."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 255]))


def damage_the_log(copies: Copies) -> Path:
    """A page in the middle of what people did between the two copies is gone; more came after it.

    Each copy of the server begins and ends a file of the log, so that is the last but one.
    """
    *_older, between, _of_the_copy = sorted(copies.folder.glob("log/*/" + 24 * "[0-9A-F]"))
    used = len(between.read_bytes().rstrip(b"\0"))
    with between.open("r+b") as file:
        file.seek(used // 2)
        file.write(bytes(2**13))
    return Path("The log is damaged")


def refused(copies: Copies, about: Path, *arguments: str) -> None:
    """The copy is refused, by a word about this file, and the place is as empty as before."""
    place = copies.new_place(f"refused-{about.name}")
    answer = copies.manage(place, "restore", *arguments)
    assert answer.returncode == 1
    assert str(about) in answer.stderr
    assert {path.name for path in place.iterdir()} <= {*SECRETS, "serve.lock"}
    assert not EmbeddedPostgres(place).home.exists()


def damage_a_file(copies: Copies) -> Path:
    """One byte of one file is another one."""
    last = sorted((copies.folder / "copies").iterdir())[-1]
    name = next(iter(json.loads((last / "manifest.json").read_text())["files"]))
    path = copies.folder / "files" / name
    with path.open("r+b") as file:
        first = file.read(1)[0]
        file.seek(0)
        file.write(bytes([first ^ 1]))
    return path


def lose_part_of_the_log(copies: Copies) -> Path:
    """A file of the log in the middle of what the last copy needs is gone, whole or its part."""
    found = sorted(copies.folder.glob("log/*/*"))
    lost = found[-2]
    lost.unlink()
    return lost
