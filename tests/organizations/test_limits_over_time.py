"""Limits that count over more than a moment: what they allow in an hour, and when they let go."""

import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.registering import mails

pytestmark = pytest.mark.django_db

Wait = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """Lets so many seconds pass, by the clock that the limits of logins go by."""
    passed = [0.0]
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def login(client: Client, person: User) -> None:
    """Leads to the code for an address that is not confirmed yet, which is sent for it."""
    client.post("/login/", {"login": person.email, "password": PASSWORD})


def resend(client: Client, _person: User) -> None:
    client.post("/register/confirm/", {"action": "resend"})


def codes_sent(person: User, wait: Wait, *, times: int) -> list[bool]:
    """Whether a code was sent, each time that one was asked for: every eleven seconds."""
    answers = []
    for number in range(times):
        if number % 3 == 0:  # one login has its code sent again twice at most
            client = Client()
        before = len(mails())
        (resend if number % 3 else login)(client, person)
        answers.append(len(mails()) == before + 1)
        wait(11)
    return answers


def test_an_address_is_sent_ten_codes_an_hour_however_slowly_they_are_asked_for(
    owner: User, wait: Wait
) -> None:
    EmailAddress.objects.update(verified=False)
    assert codes_sent(owner, wait, times=12) == 10 * [True] + 2 * [False]
    wait(3600 - 12 * 11 - 60)
    assert codes_sent(owner, wait, times=1) == [False]
    wait(120)
    assert codes_sent(owner, wait, times=1) == [True]


def test_two_codes_for_a_new_address_are_ten_seconds_apart(owner: User, wait: Wait) -> None:
    EmailAddress.objects.update(verified=False)
    client = Client()
    login(client, owner)
    assert len(mails()) == 1
    wait(8)
    resend(client, owner)
    assert len(mails()) == 1
    wait(3)
    resend(client, owner)
    assert len(mails()) == 2


def guess_present_password(person: User) -> bool:
    """Whether a wrong guess at the page that changes the password is looked at."""
    new = "nine patient herons fishing"
    page = factories.logged_in(person).post(
        "/account/password/", {"oldpassword": "a wrong one", "password1": new, "password2": new}
    )
    return "This is not your present password." in page.content.decode()


def test_the_present_password_is_guessed_five_times_in_five_minutes(
    owner: User, wait: Wait
) -> None:
    assert [guess_present_password(owner) for _ in range(6)] == 5 * [True] + [False]
    wait(290)
    assert not guess_present_password(owner)
    wait(11)
    assert guess_present_password(owner)
