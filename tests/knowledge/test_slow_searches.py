"""Searches that take too long: given up after a fixed time, and said so to whoever asked."""

import datetime
from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from alliance.browsing.kept import forget
from knowledge.alert_tasks import send_alerts
from knowledge.models import Alert, Appearance, IndexEntry
from knowledge.search import TookTooLong, asking
from knowledge.search.asking import ask
from tests.knowledge.factories import make_report


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Numbers of rows begin anew with each test's database, and so do the names of states."""
    forget()
    yield
    forget()


def test_slow_question_is_given_up() -> None:
    with pytest.raises(TookTooLong):
        ask("SELECT pg_sleep(5)", [], longest=50)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("100s",)


@pytest.mark.django_db(transaction=True)
def test_search_that_takes_too_long_says_what_to_do(
    contents: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is held by somebody else, so that a question to it never ends by itself."""
    make_report("Tides")
    monkeypatch.setattr(asking, "LONGEST", 100)
    assert client.get("/library/", {"q": "tides"}).status_code == 200
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        other.cursor().execute(f"LOCK TABLE {IndexEntry._meta.db_table}")
        response = client.get("/library/", {"q": "slow tides", "theme": "health"})
        feed = client.get("/library/feed/", {"q": "slow tides"})
    finally:
        other.close()
    content = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "This search takes too long" in content
    assert 'value="slow tides"' in content
    assert "Remove Health" in content
    assert (feed.status_code, feed["Retry-After"], feed.content) == (503, "60", b"")


@pytest.mark.django_db(transaction=True)
def test_alert_whose_search_takes_too_long_looks_again_in_an_hour(
    contents: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = timezone.now() - datetime.timedelta(days=2)
    times = dict.fromkeys(("confirmed_at", "asked_at", "seen_until", "due_at"), then)
    alert = Alert.objects.create(email="amina@example.org", search="q=tides", **times)
    Appearance.objects.create(report=make_report("Tides"), at=then + datetime.timedelta(days=1))
    monkeypatch.setattr(asking, "LONGEST", 100)
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        other.cursor().execute(f"LOCK TABLE {IndexEntry._meta.db_table}")
        assert send_alerts() == 0
    finally:
        other.close()
    alert.refresh_from_db()
    assert alert.seen_until == then
    assert round((alert.due_at - timezone.now()).total_seconds() / 60) == 60
    Alert.objects.update(due_at=timezone.now())
    assert send_alerts() == 1
