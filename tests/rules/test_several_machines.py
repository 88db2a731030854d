"""Two web servers and two workers that share nothing but database, Redis and bucket."""

import hashlib
import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from alliance import processes
from alliance.models import OutgoingMail
from organizations.models import Membership, User
from submissions.models import Attachment, Kind, Submission
from tests import factories
from tests.rules.workers import CHECKOUT, two_workers
from tests.servers import running_pgbouncer, running_redis, wait_until
from tests.submissions.writing import document
from tests.swift import RunningSwift, running_swift

pytestmark = [
    pytest.mark.usefixtures("contents"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("swift"),
]

TOKEN = "t" * 32
GUESSES = 5  # for one account, in five minutes


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes


@dataclass(frozen=True)
class Machines:
    """Their addresses, and the bucket behind them."""

    urls: list[str]
    swift: RunningSwift

    def ask(self, which: int, path: str, session: str = "", **request: Any) -> Answer:
        """What one of them answers; cookies are named by the port, as in local mode."""
        place = urlsplit(self.urls[which])
        cookies = f"alliance_csrf_{place.port}={TOKEN}"
        if session:
            cookies += f"; alliance_session_{place.port}={session}"
        body, kind = request.get("body"), request.get("kind", "application/x-www-form-urlencoded")
        line = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        # As a proxy hands it on: the name is the portal's, whichever machine it goes to.
        headers = {"Cookie": cookies, "Content-Type": kind, "Host": "localhost"}
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        found = Answer(answer.status, answer.read())
        line.close()
        return found


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Each process with a data folder of its own."""
    with ExitStack() as running:
        pool = running.enter_context(running_pgbouncer(default_pool_size="4"))
        swift = running.enter_context(running_swift())
        shared = {
            "ALLIANCE_MODE": "local",
            "DATABASE_URL": pool.url,
            "DATABASE_POOLED": "1",
            "CACHE_URL": running.enter_context(running_redis()).url,
            "FILES_URL": swift.url,
            "SECRET_KEY": settings.SECRET_KEY,
            "TRAIL_KEY": settings.TRAIL_KEY,
            "WEB_WORKERS": "1",
        }
        urls = [
            running.enter_context(
                two_workers(log=None, **shared | {"ALLIANCE_DATA": str(tmp_path / f"web{number}")})
            )
            for number in range(2)
        ]
        for number in range(2):
            worker = start_worker(tmp_path / f"worker{number}", shared)
            running.callback(processes.stop, [worker], signal.SIGTERM, seconds=20)
        yield Machines(urls, swift)


def start_worker(folder: Path, shared: dict[str, str]) -> subprocess.Popen[bytes]:
    folder.mkdir()
    return processes.start(
        [sys.executable, "manage.py", "worker"],
        end_signal=signal.SIGTERM,
        log=folder / "log",
        cwd=CHECKOUT,
        env=os.environ | shared | {"ALLIANCE_DATA": str(folder)},
    )


def session_of(person: User) -> str:
    client: Client = factories.logged_in(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_whichever_machine_answers_it_is_one_portal(machines: Machines) -> None:
    owner = factories.member(factories.organization(), Membership.Role.OWNER)
    session = session_of(owner)
    assert [machines.ask(which, "/account/", session).status for which in (0, 1)] == [200, 200]
    a_paper_sent_to_one_is_handed_out_by_the_other(machines, session)
    what_is_sent_is_taken_in_once(machines, owner, session)
    guesses_are_counted_together(machines)
    machines.ask(0, "/logout/", session, body=urlencode({"csrfmiddlewaretoken": TOKEN}))
    assert [machines.ask(which, "/account/", session).status for which in (0, 1)] == [302, 302]


def a_paper_sent_to_one_is_handed_out_by_the_other(machines: Machines, session: str) -> None:
    sent = factories.demand_offer_data(Kind.DEMAND, attachments=document(), save="1")
    form = encode_multipart(BOUNDARY, sent | {"csrfmiddlewaretoken": TOKEN})
    answer = machines.ask(0, "/demands/new/", session, body=form, kind=MULTIPART_CONTENT)
    assert answer.status == 302, answer.content
    paper = Attachment.objects.get()
    assert machines.swift.stored() == [f"private/{paper.file.name}"]
    address = f"/submissions/{paper.submission.uuid}/attachments/{paper.pk}/"
    answer = machines.ask(1, address, session)
    assert hashlib.sha256(answer.content).hexdigest() == paper.sha256
    assert machines.ask(1, address).status == 302


def what_is_sent_is_taken_in_once(machines: Machines, owner: User, session: str) -> None:
    draft = factories.draft(owner, Kind.OFFER)
    body = {"version": draft.version, "documents": "", "csrfmiddlewaretoken": TOKEN}
    before = OutgoingMail.objects.count()
    answer = machines.ask(1, f"/submissions/{draft.uuid}/check/", session, body=urlencode(body))
    assert answer.status == 302, answer.content
    of_it = Submission.objects.filter(pk=draft.pk)
    wait_until(lambda: of_it.get().status == "submitted", "no worker takes it in")
    wait_until(lambda: OutgoingMail.objects.count() > before, "nobody is told")
    assert OutgoingMail.objects.filter(recipient=owner.email).count() == 1


def guesses_are_counted_together(machines: Machines) -> None:
    person = factories.user()
    login = {"login": person.email, "password": "a wrong one", "csrfmiddlewaretoken": TOKEN}
    pages = [
        machines.ask(number % 2, "/login/", body=urlencode(login)).content
        for number in range(GUESSES + 3)
    ]
    looked_at = [b"The email address or the password is not right." in page for page in pages]
    assert looked_at == GUESSES * [True] + 3 * [False]
