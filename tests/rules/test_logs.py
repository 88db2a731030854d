"""What the log says of a request: its route, never its address, nor what somebody typed.

Read is what the portal's own handler writes, to standard error at other times.
"""

import io
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from alliance import limits
from alliance.files.partial import STARTS, Ticket
from alliance.models import PartialUpload
from organizations.models import User
from tests import factories
from tests.organizations.registering import person, registration, ticket_of_age
from tests.organizations.second_factor import code_of, secret_of
from tests.rules.workers import two_workers

pytestmark = pytest.mark.django_db

TOKEN = "1.5xQzTokenThatOpens"
NAME, EMAIL, WORDS, ADDRESS = "Zübeyde", "zubeyde@example.org", "gauge+in+the+hills", "203.0.113.77"
SECRETS = (TOKEN, NAME, EMAIL, "zubeyde", "gauge", ADDRESS, "a wrong one")
SAID = {"event", "request_id", "level", "logger", "timestamp", "control", "reason"}
LINE = {
    "event",
    "request_id",
    "level",
    "logger",
    "timestamp",
    "method",
    "route",
    "status",
    "milliseconds",
}


@pytest.fixture
def visitor() -> Client:
    """Somebody from an address of their own, who is shown the page of an error."""
    return Client(raise_request_exception=False, REMOTE_ADDR=ADDRESS, enforce_csrf_checks=False)


class Log:
    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    def lines(self) -> list[dict[str, Any]]:
        """What was written since the last call: JSON objects, and no secret in any."""
        written = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        assert [secret for secret in SECRETS if secret in written] == []
        return [json.loads(line) for line in written.splitlines()]

    def request(self) -> dict[str, Any]:
        """The line of the one request that was made; at most a control of ours said a word before."""
        *said, line = self.lines()
        assert {one["logger"] for one in said} <= {"alliance.turned_away"}
        assert (line["event"], line["logger"], set(line)) == ("request", "alliance.request", LINE)
        return line


@pytest.fixture
def log() -> Iterator[Log]:
    [handler] = {
        handler
        for name in ("", "django")
        for handler in logging.getLogger(name).handlers
        if handler.name == "stderr"
    }
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(stream := io.StringIO())
    yield Log(stream)
    handler.setStream(before)


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        (f"/library/?q={WORDS}", "library/", 200),
        (f"/invitation/{TOKEN}/?for={EMAIL}", "invitation/<str:token>/", 404),
        (f"/dashboard/?next=/{NAME}/", "dashboard/", 302),
        (f"/{EMAIL}/{NAME}/", None, 404),
        (f"/{TOKEN}/%ED%A0%80", None, 404),
        (f"/library/?q={NAME}%00", None, 400),
    ],
)
def test_the_line_of_a_request_has_its_route(
    visitor: Client, log: Log, path: str, route: str | None, status: int
) -> None:
    answer = visitor.get(path, headers={"Referer": f"https://x.example/{EMAIL}", "Cookie": TOKEN})
    assert answer.status_code == status
    line = log.request()
    assert (line["method"], line["route"], line["status"]) == ("GET", route, status)
    assert line["request_id"] == answer["X-Request-ID"]


def test_what_is_typed_into_a_form_stays_out(visitor: Client, log: Log, owner: User) -> None:
    for path, data in (
        ("/login/", {"login": EMAIL, "password": "a wrong one"}),
        ("/register/", registration(email=EMAIL, first_name=NAME)),
        ("/register/person/", person(email=f"my.{EMAIL}", last_name=NAME)),
        ("/password/reset/", {"email": EMAIL}),
        ("/connect/", {"name": NAME, "email": EMAIL, "message": "A gauge"}),
    ):
        visitor.post(path, data)
        *said, request = log.lines()
        assert request["route"] == path.removeprefix("/")
        events = [one["event"] for one in said if one["logger"] != "alliance.turned_away"]
        assert events == (["proof refused"] if "login" in data else [])
    member = factories.logged_in(owner)
    assert [line["event"] for line in log.lines()] == ["logged in"]
    member.post("/apply/", factories.application_data(lead_name=NAME))
    assert log.request()["route"] == "apply/"


def proofs(log: Log) -> list[tuple[object, ...]]:
    """What was said of proofs: the event, its person, how; each beside its request."""
    lines = log.lines()
    ids = {line["request_id"] for line in lines if line["event"] == "request"}
    said = [line for line in lines if line["logger"] == "alliance.login"]
    assert {line["request_id"] for line in said} <= ids
    return [
        (line["event"], line.get("person"), line.get("reason") or line.get("method"))
        for line in said
    ]


def test_each_proof_of_who_somebody_is_is_noted_by_number(log: Log) -> None:
    person = factories.staff("Reviewer", email=EMAIL, first_name=NAME)
    client = Client(REMOTE_ADDR=ADDRESS)
    client.post("/login/", {"login": EMAIL, "password": "a wrong one"})
    assert proofs(log) == [("proof refused", None, "email_password_mismatch")]
    client.post("/login/", {"login": EMAIL, "password": factories.PASSWORD})
    assert proofs(log) == [("proof given", person.pk, "password")]
    client.post("/login/second-factor/", {"code": "000000"})
    assert proofs(log) == [("proof refused", None, "incorrect_code")]
    client.post("/login/second-factor/", {"code": code_of(secret_of(person))})
    assert proofs(log) == [("proof given", person.pk, "mfa"), ("logged in", person.pk, None)]
    client.post("/logout/")
    assert proofs(log) == [("logged out", person.pk, None)]


def test_a_form_without_its_token_is_logged_without_its_address(log: Log) -> None:
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=ADDRESS)
    assert client.post(f"/invitation/{TOKEN}/?{WORDS}", {"first_name": NAME}).status_code == 403
    refused, request = log.lines()
    assert refused["logger"] == "django.security.csrf"
    assert refused["event"] == "Forbidden (CSRF cookie not set.): invitation/<str:token>/"
    assert set(refused) == LINE - {"method", "route", "status", "milliseconds"} | {"status_code"}
    assert request["status"] == 403


def turned_away(log: Log) -> list[tuple[str, str]]:
    """What was said of controls that turned somebody away: which, and why; each beside its request."""
    lines = log.lines()
    ids = {line["request_id"] for line in lines if line["event"] == "request"}
    said = [line for line in lines if line["logger"] == "alliance.turned_away"]
    assert {line["request_id"] for line in said} <= ids
    assert [set(line) for line in said] == [SAID for _line in said]
    return [(line["control"], line["reason"]) for line in said]


def test_each_control_that_turns_somebody_away_says_so_once(visitor: Client, log: Log) -> None:
    def write(**given: str) -> list[tuple[str, str]]:
        visitor.post("/connect/", {"name": NAME, "email": EMAIL, "message": WORDS, **given})
        return turned_away(log)

    def upload(ticket: str, ending: str = "pdf") -> list[tuple[str, str]]:
        visitor.post("/uploads/", {"ticket": ticket, "name": f"{NAME}.{ending}", "size": 10})
        return turned_away(log)

    papers = Ticket("papers", 10**6, takes=PartialUpload.Takes.DOCUMENT).signed()
    assert write(ticket=TOKEN) == [("signature", "form forged")]
    assert write(ticket=ticket_of_age(2 * 24 * 3600)) == [("signature", "form expired")]
    assert write(ticket=ticket_of_age(0)) == [("form", "too quick")]
    assert write(ticket=ticket_of_age(), trap=WORDS) == [("form", "trap")]
    assert upload(TOKEN) == [("signature", "upload forged")]
    assert upload(papers, "exe") == [("file", "kind_by_name")]
    visitor.get(f"/invitation/{TOKEN}/")
    assert turned_away(log) == [("signature", "link forged")]
    visitor.get(f"/library/?q={NAME}%00")
    assert turned_away(log) == [("request", "letters of the address")]
    visitor.get("/library/", headers={"host": "elsewhere.example"})
    assert turned_away(log) == [("request", "DisallowedHost")]
    limits.take(STARTS, limits.hashed(ADDRESS), STARTS.most)
    assert upload(papers) == [("limit", "upload-starts")]


def test_an_error_is_logged_with_its_route_and_where_it_was(visitor: Client, log: Log) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE knowledge_report RENAME TO knowledge_lost")
    assert visitor.get(f"/library/1-rain/?q={WORDS}").status_code == 500
    error, request = log.lines()
    route = "library/<int:pk>-<slug:slug>/"
    assert error["event"] == f"Internal Server Error: {route}"
    assert error["exception"].startswith("Traceback (most recent call last):")
    assert 'relation "knowledge_report" does not exist' in error["exception"]
    assert (request["route"], request["status"]) == (route, 500)


def test_a_row_that_the_database_refuses_is_not_repeated(visitor: Client, log: Log) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organizations_user ADD CONSTRAINT nobody CHECK (id < 0)")
    answer = visitor.post("/register/person/", person(email=EMAIL, first_name=NAME))
    assert answer.status_code == 500
    error, request = log.lines()
    assert error["event"] == "Internal Server Error: register/person/"
    assert 'violates check constraint "nobody"' in error["exception"]
    assert "DETAIL" not in error["exception"]
    assert error["request_id"] == request["request_id"] == answer["X-Request-ID"]


def test_a_host_that_is_not_ours_is_refused_without_a_word_on_the_address(log: Log) -> None:
    client = Client(headers={"host": "elsewhere.example"}, REMOTE_ADDR=ADDRESS)
    assert client.get(f"/invitation/{TOKEN}/").status_code == 400
    assert log.lines()[-1]["status"] == 400


def test_the_web_server_does_not_say_who_sent_what_is_no_request(tmp_path: Path) -> None:
    written = tmp_path / "log"
    with written.open("wb") as log, two_workers(log=log, WEB_WORKERS="1") as url:
        place = urlsplit(url)
        for line in (
            f"GET /invitation/{TOKEN}/ HTTP/9.9",
            f"{EMAIL} {TOKEN}",
            "GET /\x01 HTTP/1.1",
        ):
            with socket.create_connection((place.hostname, place.port), timeout=10) as line_to:
                line_to.sendall(f"{line}\r\nHost: localhost\r\n\r\n".encode())
                assert b" 400 " in line_to.recv(1000).splitlines()[0]
    text = written.read_text()
    assert [secret for secret in (*SECRETS, "127.0.0.1", "Invalid request") if secret in text] == []
    # What Python warns of when the server starts, as of a folder that is missing, is no JSON.
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert {line["route"] for line in lines} == {"health/ready"}
