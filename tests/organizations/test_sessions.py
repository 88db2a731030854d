import time

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from organizations.login.sessions import DAY, HOUR, MINUTE
from organizations.models import User
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def age(client: Client, *, began: float = 0, seen: float = 0) -> None:
    """Let the login have begun, and its person have been seen, so many seconds ago."""
    session = client.session
    session["session_began"] = time.time() - max(began, seen)
    session["session_seen"] = time.time() - seen
    session.save()


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.fixture
def member(owner: User) -> Client:
    client = factories.known_browser(owner)
    client.post("/login/", {"login": owner.email, "password": PASSWORD})
    assert is_in(client)
    return client


@pytest.fixture
def remembered(owner: User) -> Client:
    client = factories.known_browser(owner)
    client.post("/login/", {"login": owner.email, "password": PASSWORD, "remember": "on"})
    assert is_in(client)
    return client


def test_member_may_be_away_for_an_hour(member: Client) -> None:
    age(member, seen=59 * MINUTE)
    assert is_in(member)
    age(member, seen=61 * MINUTE)
    assert not is_in(member)


def test_member_is_logged_out_after_twelve_hours(member: Client) -> None:
    age(member, began=12 * HOUR - MINUTE)
    assert is_in(member)
    age(member, began=12 * HOUR + MINUTE)
    assert not is_in(member)


def test_remembered_member_comes_back_for_thirty_days(remembered: Client) -> None:
    age(remembered, seen=29 * DAY)
    assert is_in(remembered)
    age(remembered, began=30 * DAY + MINUTE)
    assert not is_in(remembered)


def test_staff_may_be_away_for_half_an_hour_and_work_eight(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    age(client, seen=29 * MINUTE)
    assert is_in(client)
    age(client, seen=31 * MINUTE)
    assert not is_in(client)
    client = factories.logged_in(reviewer)
    age(client, began=8 * HOUR + MINUTE)
    assert not is_in(client)


def test_staff_are_not_remembered(reviewer: User) -> None:
    client = factories.logged_in(reviewer)
    session = client.session
    session.set_expiry(30 * DAY)
    session.save()
    client.get("/account/")
    assert client.session.get_expire_at_browser_close()
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""


def test_somebody_who_was_logged_out_is_told_and_led_back(member: Client) -> None:
    age(member, seen=2 * HOUR)
    response = member.get("/account/email/", follow=True)
    assert response.redirect_chain == [("/login/?next=/account/email/", 302)]
    assert "You were logged out after a while." in response.content.decode()


def test_being_there_is_noted_once_a_minute(member: Client) -> None:
    before = UserSession.objects.get().last_seen_at
    member.get("/account/")
    assert UserSession.objects.get().last_seen_at == before
    age(member, seen=2 * MINUTE)
    member.get("/account/")
    assert UserSession.objects.get().last_seen_at > before


def test_visitors_have_no_session(client: Client) -> None:
    client.get("/login/")
    assert settings.SESSION_COOKIE_NAME not in client.cookies
