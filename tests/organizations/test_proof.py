"""What proves who somebody is before something is sent: the person, not their mailbox."""

import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client, RequestFactory

from organizations.login.proof import is_proof_recent
from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.registering import code_in_mail

pytestmark = pytest.mark.django_db

MINUTE = 60.0


def proves(person: User, *records: dict[str, Any]) -> bool:
    """Whether a session with these records, `ago` in seconds, is proof enough."""
    client = Client()
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": record["method"], "at": time.time() - record["ago"]} for record in records
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return counts(person, session)


def counts(person: User, session: SessionBase) -> bool:
    request = RequestFactory().get("/")
    request.user, request.session = person, session
    return is_proof_recent(request)


@pytest.mark.parametrize("method", ["password", "mfa"])
def test_password_and_second_factor_prove_it_for_five_minutes(owner: User, method: str) -> None:
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 5 * MINUTE
    assert proves(owner, {"method": method, "ago": 4.9 * MINUTE})
    assert not proves(owner, {"method": method, "ago": 5.1 * MINUTE})


@pytest.mark.parametrize("method", ["code", "password_reset", "email", "socialaccount"])
def test_what_came_by_mail_proves_the_mailbox_alone(owner: User, method: str) -> None:
    assert not proves(owner, {"method": method, "ago": 0})
    assert not proves(owner, {"method": "password", "ago": 301}, {"method": method, "ago": 0})


def test_the_newest_proof_counts_whatever_came_after_it(owner: User) -> None:
    old, new = {"method": "password", "ago": 900}, {"method": "mfa", "ago": 10}
    assert proves(owner, old, new)
    assert proves(owner, new, old)


def test_a_session_without_any_record_proves_nothing(owner: User) -> None:
    assert not proves(owner)


def login_in_a_new_browser(owner: User, *, minutes_to_code: float) -> Client:
    """A login whose code by mail was typed so long after the password."""
    client = Client()
    client.post("/login/", {"login": owner.email, "password": PASSWORD})
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes_to_code * MINUTE
    session.save()
    client.post("/login/code/", {"code": code_in_mail()})
    methods = [record["method"] for record in client.session["account_authentication_methods"]]
    assert methods == ["password", "code"]
    return client


def send_application(client: Client, owner: User) -> str:
    submission = factories.draft(owner)
    path = f"/submissions/{submission.uuid}/check/"
    return str(client.post(path, {"version": submission.version})["Location"])


@pytest.mark.parametrize(("minutes", "is_asked"), [(0, False), (6, True)])
def test_a_code_from_a_mail_does_not_renew_an_old_password(
    owner: User, minutes: float, is_asked: bool
) -> None:
    client = login_in_a_new_browser(owner, minutes_to_code=minutes)
    target = send_application(client, owner)
    assert target.startswith("/account/reauthenticate/?next=") == is_asked
    assert target.endswith("/received/") != is_asked
