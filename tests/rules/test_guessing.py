"""Guessing stops: however many try at once, from wherever they claim to be, whatever they flood."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as current
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.second_factor import code_of, secret_of
from tests.rules.workers import two_workers
from tests.servers import running_redis

AT_ONCE = 200
ALLOWED = 5  # wrong passwords or codes for one account, in five minutes
ALLOWED_PER_ADDRESS = 10  # in a minute
NOT_RIGHT = "The email address or the password is not right."
TOO_MANY = "There were too many wrong tries."
TOKEN = "t" * 32


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with running_redis() as server:
        yield server.url


@pytest.fixture(params=["table", "redis"])
def counters(request: pytest.FixtureRequest, settings: Settings) -> Iterator[dict[str, str]]:
    """Where guesses are counted, as what a process of ours is told of it."""
    if request.param == "table":
        yield {}
        return
    url = request.getfixturevalue("redis_url")
    backend = {"BACKEND": "alliance.shared_cache.SharedCache", "LOCATION": url}
    settings.CACHES = {"default": backend}
    yield {"CACHE_URL": url}
    cache.clear()


def guess(url: str, email: str, password: str = "a wrong one", forwarded: str = "") -> str:
    """What the portal says to one guess: looked at, refused unseen, or a status."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    cookie = f"{current.CSRF_COOKIE_NAME.rpartition('_')[0]}_{place.port}={TOKEN}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    body = {"login": email, "password": password, "csrfmiddlewaretoken": TOKEN}
    try:
        connection.request("POST", "/login/", urlencode(body), headers)
        answer = connection.getresponse()
        page = answer.read().decode()
    finally:
        connection.close()
    if NOT_RIGHT in page:
        return "looked at"
    return "refused" if TOO_MANY in page else str(answer.status)


def guess_at_once(url: str, emails: list[str], forwarded: str = "") -> Counter[str]:
    """All of these guesses at the same moment; `{}` in `forwarded` becomes the guess's number."""
    barrier = threading.Barrier(len(emails))
    answers: list[str] = []

    def one(number: int) -> None:
        barrier.wait()
        answers.append(guess(url, emails[number], forwarded=forwarded.format(number)))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(emails))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_of_200_guesses_at_once_over_two_workers_five_are_looked_at(
    counters: dict[str, str],
) -> None:
    person = factories.user()
    with two_workers(log=None, **counters) as url:
        answers = guess_at_once(url, AT_ONCE * [person.email], forwarded="192.0.2.{}")
        # Whatever the forged header says, they came from one address: none is left for others.
        other = guess(url, factories.user().email, forwarded="192.0.2.250")
        right = guess(url, person.email, PASSWORD)
    assert 1 <= answers["looked at"] <= ALLOWED
    assert answers.keys() <= {"looked at", "refused", "429"}
    assert other in {"refused", "429"}
    assert right in {"refused", "429"}


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_behind_one_proxy_the_entry_that_it_wrote_counts() -> None:
    people = [factories.user().email for _ in range(30)]
    with two_workers(TRUSTED_PROXY_COUNT="1") as url:
        answers = guess_at_once(url, people, forwarded="192.0.2.{}, 198.51.100.7")
        other = guess(url, people[0], forwarded="198.51.100.7, 198.51.100.8")
    assert 1 <= answers["looked at"] <= ALLOWED_PER_ADDRESS
    assert other == "looked at"


def second_factor(reviewer: User) -> bool:
    client = Client()
    client.post("/login/", {"login": reviewer.email, "password": PASSWORD})
    page = client.post("/login/second-factor/", {"code": "000000"}).content.decode()
    return "This code is not right." in page


def proof_by_password(reviewer: User) -> bool:
    client = factories.logged_in(reviewer)
    page = client.post("/account/reauthenticate/", {"password": "a wrong one"}).content.decode()
    return "This password is not right." in page


def proof_by_code(reviewer: User) -> bool:
    client = factories.logged_in(reviewer)
    page = client.post("/account/reauthenticate/code/", {"code": "000000"}).content.decode()
    return "This code is not right." in page


def present_password(reviewer: User) -> bool:
    client = factories.logged_in(reviewer)
    new = "nine patient herons fishing"
    data = {"oldpassword": "a wrong one", "password1": new, "password2": new}
    page = client.post("/account/password/", data).content.decode()
    return "This is not your present password." in page


@pytest.mark.django_db
@pytest.mark.usefixtures("counters")
@pytest.mark.parametrize(
    "guess_once", [second_factor, proof_by_password, proof_by_code, present_password]
)
def test_twenty_guesses_each_in_a_browser_of_its_own_have_five_looked_at(
    reviewer: User, guess_once: Callable[[User], bool]
) -> None:
    assert [guess_once(reviewer) for _ in range(20)] == ALLOWED * [True] + 15 * [False]


@pytest.mark.django_db
@pytest.mark.usefixtures("counters")
def test_second_factor_is_refused_unseen_once_there_were_too_many(reviewer: User) -> None:
    for _ in range(ALLOWED):
        second_factor(reviewer)
    client = Client()
    client.post("/login/", {"login": reviewer.email, "password": PASSWORD})
    client.post("/login/second-factor/", {"code": code_of(secret_of(reviewer))})
    assert client.get("/account/").status_code == 302


def new_browser(client: Client, person: User) -> str:
    client.post("/login/", {"login": person.email, "password": PASSWORD})
    return "/login/code/"


def reset(client: Client, person: User) -> str:
    client.post("/password/reset/", {"email": person.email})
    return "/password/reset/code/"


def first_address(client: Client, person: User) -> str:
    EmailAddress.objects.update(verified=False)
    client.post("/login/", {"login": person.email, "password": PASSWORD})
    return "/register/confirm/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ask_for_code", "most"), [(new_browser, 10 * 3), (reset, 5 * 3), (first_address, 10 * 3)]
)
def test_codes_by_mail_leave_few_guesses_in_an_hour(
    owner: User, ask_for_code: Callable[[Client, User], str], most: int
) -> None:
    looked_at = 0
    for _ in range(15):
        client = Client()
        path = ask_for_code(client, owner)
        for _ in range(4):
            page = client.post(path, {"code": "00000001"}).content.decode()
            looked_at += "This code is not right." in page
            # The third wrong one ends it, and is answered by the page where it began.
        looked_at += client.session.get("_messages") is not None
    assert 0 < looked_at <= most


FLOOD = """
    INSERT INTO alliance_cache (cache_key, value, expires)
    SELECT kind || number, '', now() + interval '1 hour'
    FROM generate_series(1, %s) AS number, unnest(%s) AS kind
"""


@pytest.mark.django_db
def test_flooded_table_of_counters_still_counts(client: Client, owner: User) -> None:
    """The table holds 200,000 entries and then makes room: not where guesses are counted."""
    table: Any = current.CACHES["default"]
    most = table["OPTIONS"]["MAX_ENTRIES"]
    login = {"login": owner.email, "password": PASSWORD}
    for _ in range(ALLOWED):
        client.post("/login/", login | {"password": "a wrong one"})
    with connection.cursor() as cursor:
        kinds = [":1:allauth:rl:z", ":1:b", ":1:c"]
        # After an earlier flood the planner takes a large table for an almost empty one.
        cursor.execute(FLOOD, [most // 2, kinds])
        cursor.execute("DELETE FROM alliance_cache WHERE value = ''")
        cursor.execute("ANALYZE alliance_cache")
        cursor.execute(FLOOD, [most // 2, kinds])
    cache.set("one-too-many", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alliance_cache")
        assert cursor.fetchone()[0] < most * 3 // 2
    page = client.post("/login/", login).content.decode()
    assert TOO_MANY in page


@pytest.mark.django_db
def test_what_has_expired_goes_first(settings: Settings) -> None:
    settings.CACHES = current.CACHES | {
        "default": current.CACHES["default"] | {"OPTIONS": {"MAX_ENTRIES": 10}}
    }
    for number in range(6):
        cache.set(f"allauth:rl:{number}", "kept", 60)
        cache.set(f"old{number}", "", -1)
    cache.set("page", "kept", 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alliance_cache")
        assert cursor.fetchone()[0] <= 10
    assert [cache.get(f"allauth:rl:{number}") for number in range(6)] == 6 * ["kept"]
    assert cache.get("page") == "kept"
