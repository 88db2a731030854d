import threading

import pytest
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from alliance.limits import HOUR, Limit, client_address, give_back, sweep_buckets, take
from alliance.models import TokenBucket
from tests.programs import start

pytestmark = pytest.mark.django_db

LETTERS = Limit("letters", most=10, seconds=HOUR)


def let_pass(seconds: float) -> None:
    """Move every bucket into the past, as if so much time had gone by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alliance_tokenbucket SET full_at = full_at - make_interval(secs => %s)",
            [seconds],
        )


def test_so_many_at_once_and_no_more() -> None:
    assert [take(LETTERS, "ana") for _ in range(10)] == 10 * [0]
    assert take(LETTERS, "ana") == pytest.approx(360, abs=2)
    assert take(LETTERS, "ana", cost=5) == pytest.approx(1800, abs=2)


def test_whoever_has_to_wait_for_a_moment_is_told_of_a_moment() -> None:
    quick = Limit("quick", most=10, seconds=10)
    take(quick, "ana", cost=10)
    assert take(quick, "ana") <= 1


def test_bucket_refills_evenly_and_to_the_brim() -> None:
    take(LETTERS, "ana", cost=10)
    let_pass(355)
    assert take(LETTERS, "ana") > 0
    let_pass(6)
    assert take(LETTERS, "ana") == 0
    let_pass(1_000_000)
    assert take(LETTERS, "ana", cost=10) == 0
    assert take(LETTERS, "ana") > 0


def test_limits_and_people_have_buckets_of_their_own() -> None:
    take(LETTERS, "ana", cost=10)
    assert take(LETTERS, "ben", cost=10) == 0
    assert take(Limit("parcels", most=10, seconds=3600), "ana", cost=10) == 0


def test_what_was_refused_costs_nothing_and_what_is_given_back_counts() -> None:
    take(LETTERS, "ana", cost=6)
    for _ in range(3):
        assert take(LETTERS, "ana", cost=5) > 0
    assert take(LETTERS, "ana", cost=4) == 0
    give_back(LETTERS, "ana", 3)
    assert take(LETTERS, "ana", cost=3) == 0
    assert take(LETTERS, "ana") > 0


def test_more_than_a_bucket_holds_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="letters: 11 is more"):
        take(LETTERS, "ana", cost=11)


def test_sweep_takes_full_buckets_only() -> None:
    take(LETTERS, "ana", cost=1)
    take(LETTERS, "ben", cost=10)
    let_pass(361)
    assert sweep_buckets() == 1
    assert take(LETTERS, "ben", cost=2) > 0
    assert take(LETTERS, "ana", cost=10) == 0


def test_buckets_tell_nobody_who_they_belong_to() -> None:
    take(LETTERS, "192.0.2.7")
    bucket = TokenBucket.objects.get()
    assert "192.0.2.7" not in bucket.key
    assert len(bucket.key) == 64


@pytest.mark.django_db(transaction=True)
def test_limit_holds_when_forty_ask_at_once() -> None:
    barrier = threading.Barrier(40)
    waits: list[float] = []

    def ask() -> None:
        barrier.wait()
        waits.append(take(LETTERS, "ana"))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(waits), waits.count(0)) == (40, 10)


# Each time that it was let through leaves a row.
_TAKE_FORTY = """
from uuid import uuid4
from django.db.models.functions import Now
from alliance.limits import Limit, take
from alliance.models import TokenBucket
from tests.programs import start
letters = Limit("letters", most=10, seconds=3600)
for _ in range(40):
    if not take(letters, "ana"):
        TokenBucket.objects.create(key=f"took {uuid4().hex}", full_at=Now())
"""


@pytest.mark.django_db(transaction=True)
def test_limit_holds_over_several_processes() -> None:
    processes = [start(_TAKE_FORTY) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert TokenBucket.objects.filter(key__startswith="took ").count() == 10


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_in_a_transaction_that_fails_was_never_taken() -> None:
    with transaction.atomic():
        take(LETTERS, "ana", cost=10)
        transaction.set_rollback(True)
    assert take(LETTERS, "ana", cost=10) == 0


def request_from(address: str, forwarded: str = "") -> HttpRequest:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "192.0.2.7", "", "192.0.2.7"),
        (0, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (1, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "127.0.0.1", "forged, 10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (2, "127.0.0.1", "forged, 198.51.100.1, 192.0.2.9", "198.51.100.1"),
        (0, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:bbbb::2", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_address_is_what_our_own_proxies_saw(
    settings: Settings, proxies: int, remote: str, forwarded: str, expected: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert client_address(request_from(remote, forwarded)) == expected
