"""Redis as the cache: while it is away pages go on, and guessing does not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from alliance.checks import counters_stay
from alliance.exceptions import ServiceAway
from organizations.models import User
from tests.factories import PASSWORD
from tests.servers import RunningRedis, running_redis

pytestmark = pytest.mark.django_db

CLOSED = "This does not work at the moment"


@pytest.fixture(scope="module")
def server() -> Iterator[RunningRedis]:
    with running_redis() as running:
        yield running


@pytest.fixture
def redis(server: RunningRedis, settings: Settings) -> Iterator[RunningRedis]:
    """The server, running before and after, as the cache of the test."""
    settings.CACHE_URL = server.url
    backend = {"BACKEND": "alliance.shared_cache.SharedCache", "LOCATION": server.url}
    settings.CACHES = {"default": backend}
    yield server
    if server.process.poll() is not None:
        server.start()
    cache.clear()


def log_in(client: Client, person: User, password: str = PASSWORD) -> Any:
    return client.post("/login/", {"login": person.email, "password": password})


@pytest.mark.usefixtures("redis")
def test_what_is_kept_is_found_until_its_time_is_over() -> None:
    cache.set("page", {"a": 1}, 60)
    assert cache.get("page") == {"a": 1}
    assert not cache.add("page", "another", 60)
    assert cache.delete("page")
    assert cache.get("page", "nothing") == "nothing"


def test_without_redis_there_is_nothing_kept_and_nobody_is_the_first(redis: RunningRedis) -> None:
    cache.set("page", "kept", 60)
    redis.stop()
    assert cache.get("page") is None
    cache.set("page", "again", 60)
    assert not cache.add("sweep", "done", 60)
    assert cache.get_or_set("page", lambda: "made", 60) == "made"


def test_what_counts_guesses_is_never_taken_for_empty(redis: RunningRedis) -> None:
    cache.set("allauth:rl:somebody", [1.0], 60)
    redis.stop()
    with pytest.raises(ServiceAway):
        cache.get("allauth:rl:somebody", [])
    with pytest.raises(ServiceAway):
        cache.add("allauth.mfa.totp.used?user=1&value=123456", "y", 60)


def test_without_redis_nobody_logs_in_and_the_page_says_so(
    client: Client, owner: User, redis: RunningRedis
) -> None:
    redis.stop()
    answer = log_in(client, owner)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert CLOSED in answer.content.decode()
    assert client.get("/account/").status_code == 302
    redis.start()
    assert log_in(client, owner).status_code == 302


def test_without_redis_pages_come_all_the_same(owner_client: Client, redis: RunningRedis) -> None:
    redis.stop()
    pages = ("/", "/library/", "/demands/", "/dashboard/")
    assert {owner_client.get(page).status_code for page in pages} == {200}
    assert owner_client.get("/login/").status_code in {200, 302}


def test_readiness_names_redis_and_stays_ready(client: Client, redis: RunningRedis) -> None:
    assert client.get("/health/ready").json()["checks"]["cache"] == "ok"
    redis.stop()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["cache"]) == (200, "failed")


def test_check_warns_of_a_redis_that_drops_counters_when_it_is_full(redis: RunningRedis) -> None:
    assert counters_stay(databases=["default"]) == []
    client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
    client.config_set("maxmemory-policy", "allkeys-lru")
    assert [warning.id for warning in counters_stay(databases=["default"])] == ["alliance.W002"]
    client.config_set("maxmemory-policy", "noeviction")
