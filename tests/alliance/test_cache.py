"""The cache makes room: what has expired goes first, counters that still count never."""

import pytest
from django.conf import settings as current
from django.core.cache import cache
from django.db import connection
from pytest_django import Settings

pytestmark = pytest.mark.django_db

MOST = 10


@pytest.fixture(autouse=True)
def small_table(settings: Settings) -> None:
    table = current.CACHES["default"] | {"OPTIONS": {"MAX_ENTRIES": MOST}}
    settings.CACHES = current.CACHES | {"default": table}


def keys() -> set[str]:
    """What is in the table, expired or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM alliance_cache")
        return {row[0].removeprefix(":1:") for row in cursor.fetchall()}


def fill(prefix: str, number: int, seconds: int) -> set[str]:
    names = {f"{prefix}{place}" for place in range(number)}
    for name in sorted(names):
        cache.set(name, "kept", seconds)
    return names


def test_nothing_that_holds_is_dropped_where_the_expired_makes_room_enough() -> None:
    pages = fill("page", 4, 60)  # first in the table, so first to go if anything had to
    counters = fill("allauth:rl:", 3, 60)
    old = fill("old", 4, 60)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alliance_cache SET expires = now() - interval '1 hour'"
            " WHERE cache_key LIKE ':1:old%'"
        )
    assert keys() == pages | counters | old
    cache.set("one-more", "kept", 60)
    assert keys() == pages | counters | {"one-more"}


def test_counters_that_have_expired_make_room_as_well() -> None:
    counters = fill("allauth:rl:", MOST + 1, 60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE alliance_cache SET expires = now() - interval '1 hour'")
    assert keys() == counters
    cache.set("one-more", "kept", 60)
    assert keys() == {"one-more"}


def test_counters_that_still_count_stay_even_where_they_alone_are_too_many() -> None:
    counters = fill("allauth:rl:", MOST + 5, 60)
    pages = fill("page", 6, 60)
    assert counters <= keys()
    assert pages - keys() != set()
