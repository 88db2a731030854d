"""A renewed proof of who somebody is gives their session a new key, and costs them nothing."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.utils import timezone

from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.second_factor import code_of, secret_of

pytestmark = pytest.mark.django_db

COOKIE = settings.SESSION_COOKIE_NAME


def key_of(client: Client) -> str:
    return client.cookies[COOKIE].value


def browser_of(person: User) -> Client:
    """Somebody whose proof is an hour old, with the row that they see among their logins."""
    client = factories.logged_in(person)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session["kept"] = "all the same"
    session.save()
    now = timezone.now()
    UserSession.objects.create(
        user=person, ip="127.0.0.1", session_key=key_of(client), last_seen_at=now, data={}
    )
    return client


def tab_of(client: Client) -> Client:
    """Another request of the same browser, on its way with the cookie of now."""
    tab = Client()
    tab.cookies[COOKIE] = key_of(client)
    return tab


def prove(client: Client, **given: str) -> int:
    return client.post("/account/reauthenticate/", given or {"password": PASSWORD}).status_code


def is_open(client: Client) -> bool:
    return client.get("/dashboard/").status_code == 200


def is_asked_for_proof(client: Client, owner: User) -> bool:
    submission = factories.draft(owner)
    path = f"/submissions/{submission.uuid}/check/"
    answer = client.post(path, {"version": submission.version})
    return str(answer["Location"]).startswith("/account/reauthenticate/")


def test_a_fresh_proof_gives_the_session_a_new_key(owner: User) -> None:
    client = browser_of(owner)
    before = tab_of(client)
    assert prove(client) == 302
    assert key_of(client) != key_of(before)
    assert client.session["kept"] == "all the same"
    assert not is_asked_for_proof(client, owner)
    assert [row.session_key for row in UserSession.objects.filter(user=owner)] == [key_of(client)]
    Session.objects.filter(session_key=key_of(before)).update(
        expire_date=F("expire_date") - timedelta(seconds=15)
    )
    assert not is_open(before)
    assert is_open(client)


def test_a_code_of_the_second_factor_does_as_well(administrator: User) -> None:
    client = browser_of(administrator)
    before = key_of(client)
    Authenticator.objects.filter(user=administrator, type="totp").update(last_used_at=None)
    code = code_of(secret_of(administrator))
    assert client.post("/account/reauthenticate/code/", {"code": code}).status_code == 302
    assert key_of(client) != before


def test_what_was_on_its_way_arrives_without_what_was_proved_meanwhile(owner: User) -> None:
    client = browser_of(owner)
    other = tab_of(client)
    session = client.session
    session["session_seen"] = time.time() - 120  # the next page notes that somebody is there
    session.save()
    prove(client)
    answer = other.get("/dashboard/")
    assert (answer.status_code, COOKIE in answer.cookies) == (200, False)
    assert is_asked_for_proof(other, owner)
    row = Session.objects.get(session_key=key_of(other))
    assert row.expire_date <= timezone.now() + timedelta(seconds=15)


def test_a_second_click_goes_on_under_the_same_new_key(owner: User) -> None:
    client = browser_of(owner)
    again = tab_of(client)
    assert (prove(client), prove(again)) == (302, 302)
    assert key_of(client) == key_of(again)
    assert not is_asked_for_proof(again, owner)
    assert Session.objects.count() == 2


def test_logging_out_ends_the_earlier_key_too(owner: User) -> None:
    client = browser_of(owner)
    earlier = tab_of(client)
    prove(client)
    assert is_open(earlier)
    client.post("/logout/")
    assert not is_open(earlier)
    assert Session.objects.count() == 0
