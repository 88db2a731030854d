"""Members of organizations as programs: they write and send forms over HTTP without scripts."""

import hashlib
import http.client
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from submissions.models import Kind
from tests import factories
from tests.alliance.files import paper_samples as papers
from tests.portal import Portal

SECONDS_OF_PATIENCE = 180
TOKEN = "t" * 32
Data = dict[str, str | list[str]]

# Their proof of identity stays fresh for the whole test: what is tried here begins after it.
_MAKE = """
import json, time
from organizations.models import Membership
from tests import factories
made = []
for number in range({count}):
    name = "{name}-" + str(number)
    place = factories.organization(name=name)
    person = factories.member(place, Membership.Role.OWNER, email=name + "@example.org")
    session = factories.logged_in(person).session
    for record in session["account_authentication_methods"]:
        record["at"] += 6 * 60 * 60
    session.save()
    made.append([person.email, session.session_key])
print(json.dumps(made))
"""


class Answer(NamedTuple):
    status: int
    location: str
    page: str


@dataclass(frozen=True)
class Member:
    """Somebody who is logged in; may be used by several threads at once."""

    url: str
    email: str
    session: str

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def start(self, kind: str) -> str:
        """Where a new form of this kind is written: an address of its own for each."""
        first = first_address(kind)
        return self.get(first).location or first

    def post(self, path: str, data: Data, document: bytes = b"") -> Answer:
        """Send a form; with a text document where there is one."""
        data = data | {"csrfmiddlewaretoken": TOKEN}
        if document:
            file = SimpleUploadedFile("gauges.docx", document, "application/octet-stream")
            body = encode_multipart(BOUNDARY, {**data, "attachments": file})
            return self._ask("POST", path, body, {"Content-Type": MULTIPART_CONTENT})
        body = urlencode(data, doseq=True).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        place = urlsplit(self.url)
        cookies = (
            f"alliance_session_{place.port}={self.session}; alliance_csrf_{place.port}={TOKEN}"
        )
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        try:
            connection.request(method, path, body, headers | {"Cookie": cookies})
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        return Answer(answer.status, answer.getheader("Location") or "", page)


def make_members(portal: Portal, name: str, count: int) -> list[Member]:
    """So many owners, each of an organization of their own."""
    made = json.loads(portal.run(_MAKE.format(name=name, count=count)))
    return [Member(portal.url, email, session) for email, session in made]


def first_address(kind: str) -> str:
    return "/apply/" if kind == Kind.EXPRESSION_OF_INTEREST else f"/{kind}s/new/"


def hidden(page: str, name: str) -> str:
    """What a page's form carries along under this name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no {name} in: {page[:2000]}"
    return found[1]


def form_data(kind: str, page: str, **changes: str) -> Data:
    """The complete form of this kind, as the page would send it."""
    if kind == Kind.EXPRESSION_OF_INTEREST:
        declared = dict.fromkeys(re.findall(r'name="(confirm_[^"]+)"', page), "on")
        typed = factories.undeclared_data() | declared | changes
    else:
        typed = factories.demand_offer_data(kind, **changes)
    return typed | {name: hidden(page, name) for name in ("version", "draft")}


def document() -> bytes:
    """A text document that is like no other."""
    return papers.office(more={"word/media/a.txt": str(uuid.uuid4()).encode()})


@dataclass
class Sent:
    """A form whose number its sender has seen; `sha256` of its document, where it takes one."""

    email: str
    description: str
    sha256: str = ""
    reference: str = ""


@dataclass
class Sender:
    """Sends one form after another. What is cut is tried again, as a person would do it.

    `shown` is what the portal has confirmed; `wrong` what it must never answer. An Expression of
    Interest is withdrawn once its number is seen: an organization has one open at a time.
    """

    member: Member
    shown: list[Sent] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cuts: int = 0

    def send(self, kind: str) -> None:
        """One form from the empty page to the page that shows its number."""
        is_application = kind == Kind.EXPRESSION_OF_INTEREST
        sent, content = Sent(self.member.email, f"Gauge {uuid.uuid4()}."), b""
        if not is_application:
            content = document()
            sent.sha256 = hashlib.sha256(content).hexdigest()
        start = first_address(kind)
        start = self._until(start, (200, 302)).location or start
        data = form_data(kind, self._until(start, 200).page, description=sent.description)
        check = self._until(start, 302, data, content).location
        while (received := self._submit(check)) == check:
            continue  # refused because of what came between: look once more, send again
        page = self._until(received, 200).page
        found = re.search(r'<strong class="num">([A-Z]{3}-\d{4}-\d{6})</strong>', page)
        if not found:
            self.wrong.append(f"{received}: no number on {page[:500]}")
            return
        sent.reference = found[1]
        self.shown.append(sent)
        if is_application:
            self._until(received.replace("/received/", "/withdraw/"), 302, {})

    def _submit(self, check: str) -> str:
        """The page that the press of Submit leads to."""
        answer = self._until(check, (200, 302))
        if answer.status == 302:
            return answer.location
        data: Data = {name: hidden(answer.page, name) for name in ("version", "documents")}
        return self._until(check, 302, data).location

    def _until(
        self,
        path: str,
        wanted: int | tuple[int, ...],
        data: Data | None = None,
        content: bytes = b"",
    ) -> Answer:
        """Ask until the portal answers; it may be away for a while, and says so or says nothing."""
        deadline = time.monotonic() + SECONDS_OF_PATIENCE
        while True:
            try:
                answer = self._ask(path, data, content)
            except (OSError, http.client.HTTPException):
                answer = Answer(0, "", "")
            if 0 < answer.status < 500:
                break
            assert time.monotonic() < deadline, f"{path}: {answer.status}"
            self.cuts += 1
            time.sleep(0.2)
        expected = (wanted,) if isinstance(wanted, int) else wanted
        if answer.status not in expected or "/login/" in answer.location:
            self.wrong.append(f"{path}: {answer.status} {answer.location} {answer.page[:3000]}")
            raise AssertionError(self.wrong[-1])
        return answer

    def _ask(self, path: str, data: Data | None, content: bytes) -> Answer:
        return self.member.get(path) if data is None else self.member.post(path, data, content)
