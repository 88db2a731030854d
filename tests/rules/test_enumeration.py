"""Nobody learns who is registered: each way to ask is walked with taken and with free addresses.

Compared are status, target, page, headers, what is asked of the database, the mails, and the time.
Time is measured in turns, so that whatever else the machine does meets both, by the clock and by the
processor: the clock sees waiting too, the processor's time is the steadier one.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance.models import OutgoingMail
from organizations.models import Membership
from tests import factories
from tests.organizations.registering import person, registration

pytestmark = pytest.mark.django_db

ROUNDS = 15
TRIES = 3
ALIKE = 1.25  # at most so many times as long


@dataclass(frozen=True)
class Seen:
    """What whoever asks can see at once."""

    status: int
    target: str
    headers: dict[str, str]
    cookies: list[str]
    lines: list[str]


@dataclass(frozen=True)
class Answer:
    seen: Seen
    queries: int
    mails: int
    seconds: float
    cpu_seconds: float


Ask = Callable[[str], tuple[Client, str, dict[str, Any]]]


def login(email: str) -> tuple[Client, str, dict[str, Any]]:
    return Client(), "/login/", {"login": email, "password": "a wrong one"}


def register(email: str) -> tuple[Client, str, dict[str, Any]]:
    return Client(), "/register/", registration(email=email)


def register_person(email: str) -> tuple[Client, str, dict[str, Any]]:
    return Client(), "/register/person/", person(email=email)


def send_code_again(email: str) -> tuple[Client, str, dict[str, Any]]:
    client = Client()
    client.post("/register/", registration(email=email), REMOTE_ADDR=address_of(email))
    cache.clear()  # the ten seconds between two mails are over
    return client, "/register/confirm/", {"action": "resend"}


def try_wrong_code(email: str) -> tuple[Client, str, dict[str, Any]]:
    client = Client()
    client.post("/register/", registration(email=email), REMOTE_ADDR=address_of(email))
    return client, "/register/confirm/", {"code": "000001"}


def correct_address(email: str) -> tuple[Client, str, dict[str, Any]]:
    client = Client()
    mistyped = registration(email=f"mistyped.{email}")
    client.post("/register/", mistyped, REMOTE_ADDR=address_of(email))
    return client, "/register/confirm/address/", {"email": email}


def reset(email: str) -> tuple[Client, str, dict[str, Any]]:
    return Client(), "/password/reset/", {"email": email}


def try_wrong_reset_code(email: str) -> tuple[Client, str, dict[str, Any]]:
    client = Client()
    client.post("/password/reset/", {"email": email}, REMOTE_ADDR=address_of(email))
    return client, "/password/reset/code/", {"code": "00000001"}


def change_address(email: str) -> tuple[Client, str, dict[str, Any]]:
    client = factories.logged_in(factories.user())
    client.post("/account/reauthenticate/", {"password": factories.PASSWORD, "next": "/account/"})
    return client, "/account/email/", {"email": email, "action_add": "1"}


def invite(email: str) -> tuple[Client, str, dict[str, Any]]:
    owner = factories.member(factories.organization(), Membership.Role.OWNER)
    client = factories.logged_in(owner)
    return client, "/organization/members/invite/", {"email": email, "role": "reader"}


WAYS = [
    login,
    register,
    register_person,
    send_code_again,
    try_wrong_code,
    correct_address,
    reset,
    try_wrong_reset_code,
    change_address,
    invite,
]


def address_of(email: str) -> str:
    """A network address for each, so that the limits on one network play no part."""
    number = int(re.findall(r"\d+", email)[-1])
    return f"10.1.{number // 250}.{number % 250 + 1}"


def answer_to(way: Ask, email: str) -> Answer:
    client, path, data = way(email)
    before = OutgoingMail.objects.count()
    with CaptureQueriesContext(connection) as queries:
        began, cpu_began = time.perf_counter(), time.thread_time()
        response = client.post(path, data, REMOTE_ADDR=address_of(email))
        seconds, cpu_seconds = time.perf_counter() - began, time.thread_time() - cpu_began
    mails = OutgoingMail.objects.count() - before
    return Answer(seen_in(response, email), len(queries), mails, seconds, cpu_seconds)


def seen_in(response: Any, email: str) -> Seen:
    """The answer without what differs from click to click."""
    page = response.content.decode().replace(email, "somebody").splitlines()
    headers = dict(response.headers)
    for changing in ("X-Request-ID", "Content-Length", "Expires"):
        headers.pop(changing, None)
    return Seen(
        status=response.status_code,
        target=headers.pop("Location", ""),
        headers=headers,
        cookies=sorted(response.cookies),
        lines=[line for line in page if "csrfmiddlewaretoken" not in line],
    )


def ask_in_turns(way: Ask, run: int = 0) -> tuple[list[Answer], list[Answer]]:
    """Answers for taken and for free addresses; the first of each only warms up."""
    taken, free = [], []
    for number in range(run * (ROUNDS + 1), (run + 1) * (ROUNDS + 1)):
        factories.user(email=f"taken{number}@example.org")
        taken.append(answer_to(way, f"taken{number}@example.org"))
        free.append(answer_to(way, f"free{number}@example.org"))
    return taken[1:], free[1:]


def slower_by(taken: list[Answer], free: list[Answer]) -> float:
    """How many times as long the slower ones take.

    By the clock a difference counts where both the fastest and the middle one show it.
    """
    clock = [ratio(find, taken, free, "seconds") for find in (min, median)]
    return max(min(clock), ratio(median, taken, free, "cpu_seconds"))


def ratio(
    find: Callable[[list[float]], float], taken: list[Answer], free: list[Answer], measure: str
) -> float:
    times = [find([getattr(answer, measure) for answer in answers]) for answers in (taken, free)]
    return max(times) / min(times)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_taken_and_free_addresses_get_the_same_answer_in_the_same_time(way: Ask) -> None:
    ratios = []
    for run in range(TRIES):
        taken, free = ask_in_turns(way, run)
        assert {str(answer.seen) for answer in taken} == {str(answer.seen) for answer in free}
        assert len({str(answer.seen) for answer in taken + free}) == 1
        assert [answer.mails for answer in taken] == [answer.mails for answer in free]
        work = [median(answer.queries for answer in answers) for answers in (taken, free)]
        assert abs(work[0] - work[1]) <= 1
        ratios.append(slower_by(taken, free))
        if ratios[-1] <= ALIKE:
            return
    raise AssertionError(f"so many times as long, in {TRIES} tries: {ratios}")


def test_missing_work_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a login that hashes nothing for an address without an account."""
    monkeypatch.setattr(AuthenticationBackend, "_mitigate_timing_attack", lambda *_: None)
    assert min(slower_by(*ask_in_turns(login, run)) for run in range(TRIES)) > ALIKE
