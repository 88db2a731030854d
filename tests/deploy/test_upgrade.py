"""A new version comes into service while people are at work: no request is lost, and none fails.

Clients ask for pages and files, on lines of their own and on lines that they keep, and members save
forms, all as fast as they can, while `deploy/install.sh` of another version runs: with a migration
that locks the very table they write to for a moment, then back to the version before.
"""

import http.client
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.deploy.installation import Installation, wait_until
from tests.faults.members import form_data
from tests.faults.promises import Promise
from tests.portal import CHECKOUT

pytestmark = [
    pytest.mark.xdist_group("deploy"),
    pytest.mark.timeout(900),
    pytest.mark.promise("An upgrade loses no request"),
]

TOKEN = "t" * 32
PARTS = re.search(r"PARTS=\((.*?)\)", (CHECKOUT / "deploy/steps/version.sh").read_text())
MARK = '<meta name="generator" content="the next version">'
# For so long the migration keeps everybody from the table of submissions.
LOCKED = 1.5
MIGRATION = f"""
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("submissions", "{{last}}")]
    operations = [
        migrations.AddField("submission", "remark", models.TextField(null=True)),
        migrations.RunSQL("SELECT pg_sleep({LOCKED})", migrations.RunSQL.noop),
    ]
"""
ROWS = """
import json, uuid
from django.conf import settings
from organizations.models import Membership
from tests import factories
from tests.knowledge.factories import add_pdf, make_report
people = []
for number in range(4):
    email = f"{uuid.uuid4().hex}@example.org"
    owner = factories.member(factories.organization(logo=""), Membership.Role.OWNER, email=email)
    session = factories.logged_in(owner).cookies[settings.SESSION_COOKIE_NAME].value
    people.append([session, str(factories.draft(owner, "demand").uuid)])
print(json.dumps({
    "people": people,
    "session": settings.SESSION_COOKIE_NAME,
    "token": settings.CSRF_COOKIE_NAME,
    "pdf": add_pdf(make_report("Rain while it changes"), pages=2).get_absolute_url(),
}))
"""


@dataclass
class Work:
    """What clients were answered, by kind, and what they should not have been."""

    pause: float
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    longest: float = 0.0
    # How often each draft was saved, by its uuid.
    saved: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass
class Person:
    """Asks on one line, which is kept as long as the server keeps it; or on a new one each time."""

    installed: Installation
    work: Work
    cookies: str = ""
    keeps_line: bool = True
    _open: ExitStack = field(default_factory=ExitStack)
    _line: http.client.HTTPConnection | None = None

    def ask(self, kind: str, path: str, wanted: int, body: bytes | None = None) -> str:
        """The page; with `body` a form is sent. Where it should redirect, the address."""
        began = time.monotonic()
        try:
            status, found = self._ask(path, body)
        except (OSError, http.client.HTTPException) as lost:
            status, found = 0, repr(lost)
            self.hang_up()
        self.work.longest = max(self.work.longest, time.monotonic() - began)
        self.work.answers[kind] += 1
        self.work.stopping.wait(self.work.pause)
        if status != wanted:
            self.work.wrong.append(f"{kind} {path}: {status} {found[:300]}")
        return found

    def _ask(self, path: str, body: bytes | None) -> tuple[int, str]:
        line = self._opened()
        headers = {"Host": self.installed.host, "Cookie": self.cookies}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"https://{self.installed.host}",
            }
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        page = answer.read().decode(errors="replace")
        if not self.keeps_line or answer.will_close:
            self.hang_up()
        return answer.status, answer.headers.get("Location", page)

    def _opened(self) -> http.client.HTTPConnection:
        if self._line is None:
            self._line = self._open.enter_context(self.installed.line())
        return self._line

    def hang_up(self) -> None:
        self._open.close()
        self._line = None

    def read(self, paths: list[str]) -> None:
        while not self.work.stopping.is_set():
            for path in paths:
                self.ask("kept line" if self.keeps_line else "new line", path, 200)
        self.hang_up()

    def write(self, uuid: str) -> None:
        """Read the form and save it, again and again."""
        path = f"/submissions/{uuid}/edit/"
        while not self.work.stopping.is_set():
            page = self.ask("form", path, 200)
            if 'name="version"' not in page:
                continue
            data = form_data("demand", page, description=f"Saved {self.work.saved[uuid]} times.")
            data |= {"save": "1", "csrfmiddlewaretoken": TOKEN}
            where = self.ask("save", path, 302, urlencode(data, doseq=True).encode())
            self.work.saved[uuid] += urlsplit(where).path == path
        self.hang_up()


@contextmanager
def at_work(installed: Installation, *, pause: float = 0.0) -> Iterator[Work]:
    """Eight clients, until the block is over; `pause` in seconds after each answer."""
    rows = installed.run(ROWS)
    # Nobody is given a file that no scan has judged.
    wait_until(lambda: installed.ask(rows["pdf"]).status == 200, seconds=60)
    work = Work(pause=pause)
    paths = ["/", "/library/", "/login/", rows["pdf"], "/static/css/site.css"]
    readers = [Person(installed, work, keeps_line=keeps) for keeps in (True, False) * 2]
    threads = [threading.Thread(target=reader.read, args=[paths]) for reader in readers]
    for session, uuid in rows["people"]:
        cookies = f"{rows['session']}={session}; {rows['token']}={TOKEN}"
        member = Person(installed, work, cookies)
        threads.append(threading.Thread(target=member.write, args=[uuid]))
    for thread in threads:
        thread.start()
    try:
        yield work
    finally:
        work.stopping.set()
        for thread in threads:
            thread.join()


def what_was_answered_is_kept(installed: Installation, work: Work) -> None:
    """Each draft stands as it was when its last saving was answered."""
    for uuid, times in work.saved.items():
        drafts = installed.query(
            f"SELECT typed->'description'->>0 FROM submissions_submission WHERE uuid = '{uuid}'"
        )
        assert drafts == [(f"Saved {times - 1} times.",)]


def next_version(folder: Path) -> Path:
    """The checkout of a version with another column and another page."""
    assert PARTS
    for name in PARTS[1].split():
        copy = shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy
        copy(CHECKOUT / name, folder / name)
    base = folder / "templates/base.html"
    base.write_text(base.read_text().replace("<head>", f"<head>{MARK}", 1))
    model = folder / "submissions/models/submission.py"
    field = "\n    reference = "
    assert field in model.read_text()
    model.write_text(
        model.read_text().replace(field, "\n    remark = models.TextField(null=True)" + field)
    )
    migrations = folder / "submissions/migrations"
    last = max(path.stem for path in migrations.glob("[0-9]*.py"))
    (migrations / "9000_remark.py").write_text(MIGRATION.format(last=last))
    return folder


def nothing_is_lost(installed: Installation, work: Work, before: dict[str, int]) -> None:
    """All were answered, by processes of which none is left, and each kind often enough to tell."""
    assert work.wrong == []
    assert min(work.answers[kind] for kind in ("kept line", "new line", "form", "save")) >= 10
    wait_until(lambda: installed.pids().keys() == before.keys(), seconds=60)
    now = installed.pids()
    assert set(now.values()).isdisjoint(before.values())
    what_was_answered_is_kept(installed, work)


def test_changed_environment_comes_into_service_without_a_lost_request(
    installed: Installation,
) -> None:
    wait_until(lambda: len(installed.pids()) == 4, seconds=60)
    before = installed.pids()
    with (installed.root / "etc/alliance/environment").open("a") as environment:
        environment.write("LOG_LEVEL='WARNING'\n")
    with at_work(installed, pause=0.1) as work:
        said = installed.install()
    assert "Starting the processes anew" in said
    nothing_is_lost(installed, work, before)


@pytest.mark.whole
def test_new_version_comes_and_goes_without_a_lost_request(
    installed: Installation, tmp_path: Path, promise: Promise
) -> None:
    following = next_version(tmp_path)
    wait_until(lambda: len(installed.pids()) == 4, seconds=60)
    for is_next in (True, False):
        before = installed.pids()
        with at_work(installed) as work:
            said = installed.install(following) if is_next else installed.install()
        promise.counted(
            1,
            answers=sum(work.answers.values()),
            of_them_forms_sent=work.answers["save"],
            lost=len(work.wrong),
            seconds_at_most=round(work.longest, 1),
        )
        assert "Starting the processes anew" in said
        assert (MARK in installed.ask("/login/").body.decode()) == is_next
        nothing_is_lost(installed, work, before)
