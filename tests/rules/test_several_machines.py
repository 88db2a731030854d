"""Whichever machine answers: a login, a limit, a paper, also in parts, and what the workers do."""

import hashlib
import html
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from alliance.files.partial import Ticket
from alliance.models import OutgoingMail, PartialUpload, StagedUpload
from organizations.models import Membership, User
from submissions.models import Attachment, Kind, Submission
from tests import factories
from tests.nginx import Answer
from tests.rules.machines import TOKEN, Browser, Machines, running_machines
from tests.servers import wait_until
from tests.submissions.writing import document

pytestmark = [pytest.mark.usefixtures("contents"), pytest.mark.django_db(transaction=True)]

GUESSES = 5  # for one account, in five minutes


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with running_machines(tmp_path) as running:
        yield running


def test_whichever_machine_answers_it_is_one_portal(machines: Machines) -> None:
    owner = factories.member(factories.organization(), Membership.Role.OWNER)
    known = factories.known_browser(owner).cookies[settings.BROWSER_COOKIE_NAME].value
    browser = Browser(machines.nginx, {settings.BROWSER_COOKIE_NAME: known})
    guesses_are_counted_together(machines)
    what_is_public_comes_from_the_replica(machines)
    a_login_at_one_holds_at_the_other(browser, owner)
    a_paper_sent_with_its_form_is_handed_out_by_both(machines, browser)
    what_is_sent_is_taken_in_once(browser, owner)
    a_paper_in_parts_outlives_the_machine_that_took_some(machines, browser)
    browser.post("/logout/", {})
    assert [browser.get("/account/").status for _ in range(2)] == [302, 302]


def what_is_public_comes_from_the_replica(machines: Machines) -> None:
    """Drawn by both machines; what each was asked stands in the replica's log."""
    visitor, numbers = Browser(machines.nginx), count()

    def all_does() -> bool:
        words = [f"tide{next(numbers)}z" for _ in range(4)]
        answers = [visitor.get(f"/library/?q={word}").status for word in words]
        assert answers == len(words) * [200]
        asked = machines.replica.was_asked()
        return all(word in asked for word in words)

    wait_until(all_does, "the replica is not asked")
    assert min(machines.answered("library/")) >= 2


def a_login_at_one_holds_at_the_other(browser: Browser, owner: User) -> None:
    answer = browser.post("/login/", {"login": owner.email, "password": factories.PASSWORD})
    assert answer.status == 302, answer.content
    assert [browser.get("/account/").status for _ in range(4)] == 4 * [200]


def a_paper_sent_with_its_form_is_handed_out_by_both(machines: Machines, browser: Browser) -> None:
    sent = factories.demand_offer_data(Kind.DEMAND, attachments=document(), save="1")
    form = encode_multipart(BOUNDARY, sent | {"csrfmiddlewaretoken": TOKEN})
    answer = browser.post("/demands/new/", form, content_type=MULTIPART_CONTENT)
    assert answer.status == 302, answer.content
    paper = Attachment.objects.get()
    assert machines.swift.stored() == [f"private/{paper.file.name}"]
    for _ in range(2):
        it_is_handed_out(paper, browser)
    assert Browser(machines.nginx).get(address_of(paper)).status == 302


def address_of(paper: Attachment) -> str:
    return f"/submissions/{paper.submission.uuid}/attachments/{paper.pk}/"


def it_is_handed_out(paper: Attachment, browser: Browser) -> None:
    """By nginx from the bucket, under the portal's headers and none of the store's."""
    answer = browser.get(address_of(paper))
    assert (answer.status, hashlib.sha256(answer.content).hexdigest()) == (200, paper.sha256)
    part = browser.get(address_of(paper), range="bytes=5-14")
    assert (part.status, part.content) == (206, answer.content[5:15])
    assert part.headers["Content-Range"] == f"bytes 5-14/{paper.size}"
    beyond = browser.get(address_of(paper), range="bytes=99999999-")
    assert (beyond.status, b"<Error" in beyond.content) == (416, False)
    for headers in (answer.headers, part.headers):
        assert headers["Content-Disposition"] == f'attachment; filename="{paper.name}"'
        assert headers.get_all("Content-Security-Policy") == ["sandbox; default-src 'none'"]
        assert headers.get_all("Cache-Control") == ["private, no-store"]
        assert headers.get_all("Content-Type") == ["application/octet-stream"]
        stores = {"etag", "last-modified", "x-trans-id", "x-amz-id-2", "x-amz-request-id"}
        assert stores.isdisjoint(name.lower() for name in headers)


def what_is_sent_is_taken_in_once(browser: Browser, owner: User) -> None:
    draft = factories.draft(owner, Kind.OFFER)
    before = OutgoingMail.objects.count()
    body = {"version": draft.version, "documents": ""}
    answer = browser.post(f"/submissions/{draft.uuid}/check/", body)
    assert answer.status == 302, answer.content
    of_it = Submission.objects.filter(pk=draft.pk)
    wait_until(lambda: of_it.get().status == "submitted", "no worker takes it in")
    wait_until(lambda: OutgoingMail.objects.count() > before, "nobody is told")
    assert OutgoingMail.objects.filter(recipient=owner.email).count() == 1


def guesses_are_counted_together(machines: Machines) -> None:
    person = factories.user()
    browser = Browser(machines.nginx)
    pages = [
        browser.post("/login/", {"login": person.email, "password": "a wrong one"}).content
        for _ in range(GUESSES + 3)
    ]
    assert min(machines.answered("login/")) >= GUESSES // 2
    looked_at = [b"The email address or the password is not right." in page for page in pages]
    assert looked_at == GUESSES * [True] + 3 * [False]


def a_paper_in_parts_outlives_the_machine_that_took_some(
    machines: Machines, browser: Browser
) -> None:
    """A machine is cut off while it takes a part; what the other took before and after is whole."""
    name, paper = "valley.pdf", document().read() + b"%% more of it\n" * 20_000
    form = browser.get("/demands/new/").headers["Location"]
    page = html.unescape(browser.get(form).content.decode())
    tickets = re.findall(r'data-ticket="([^"]+)"', page)
    ticket = next(text for text in tickets if Ticket.read(text).takes == "document")
    begun = browser.post("/uploads/", {"ticket": ticket, "name": name, "size": len(paper)})
    assert begun.status == 201, begun.content
    address = json.loads(begun.content)["address"]
    for at in range(0, 40_000, 10_000):
        assert append(browser, address, at, paper[at : at + 10_000]).status == 200
    assert min(machines.answered("uploads/<uuid:upload_uuid>/append/")) >= 1
    assert machines.files() == []
    with ExitStack() as lines:
        # Each machine gets one of two that send the same part, and the part's end does not come.
        for _ in range(2):
            lines.enter_context(half_sent(browser, address, 40_000, paper[40_000:60_000]))
        os.killpg(machines.web[0].pid, signal.SIGKILL)
    send_the_rest(browser, address, paper)
    token = json.loads(browser.post(f"{address}finish/", b"").content)["token"]
    assert StagedUpload.objects.get(consumed_at=None).sha256 == hashlib.sha256(paper).hexdigest()
    sent = factories.demand_offer_data(Kind.DEMAND, save="1") | {"attachments-held": token}
    body = encode_multipart(BOUNDARY, sent | {"csrfmiddlewaretoken": TOKEN})
    answer = browser.post(form, body, content_type=MULTIPART_CONTENT)
    assert answer.status == 302, answer.content
    it_is_handed_out(Attachment.objects.get(name=name), browser)
    kept = {f"private/{row.file.name}" for row in Attachment.objects.all()}
    assert kept <= set(machines.swift.stored())
    assert not PartialUpload.objects.unfinished().exists()
    assert machines.files() == []


def append(browser: Browser, address: str, at: int, part: bytes) -> Answer:
    return browser.post(
        f"{address}append/", part, upload_offset=str(at), content_type="application/octet-stream"
    )


def half_sent(browser: Browser, address: str, at: int, part: bytes) -> Any:
    """A line on which half of a part was sent; closing it is a lost line."""
    line = browser.nginx.line()
    line.putrequest("POST", f"{address}append/")
    for name, word in browser.headers().items():
        line.putheader(name, word)
    line.putheader("Upload-Offset", str(at))
    line.putheader("Content-Length", str(len(part)))
    line.endheaders()
    line.send(part[: len(part) // 2])
    time.sleep(0.3)
    return closing(line)


def send_the_rest(browser: Browser, address: str, paper: bytes) -> None:
    """As the page's script: ask how much has arrived, go on from there, and again."""
    deadline = time.monotonic() + 30
    at = 0
    while at < len(paper):
        assert time.monotonic() < deadline, at
        with suppress(OSError, KeyError, ValueError):
            at = int(json.loads(browser.get(address).content)["offset"])
            append(browser, address, at, paper[at : at + 50_000])
