"""A browser that somebody has not used before: a code by mail, and a mail that says so."""

import time
from typing import Any

import pytest
from django.conf import settings as current
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from alliance.models import OutgoingMail
from organizations.login import browsers
from organizations.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.organizations.registering import code_in_mail, mails, registration
from tests.organizations.second_factor import code_of, secret_of

pytestmark = pytest.mark.django_db

CODE = "/login/code/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def login(client: Client, person: User, **changes: Any) -> Any:
    return client.post("/login/", {"login": person.email, "password": PASSWORD} | changes)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_new_browser_is_asked_for_the_code_from_the_mail(client: Client, owner: User) -> None:
    assert login(client, owner)["Location"] == CODE
    assert not is_in(client)
    assert OutgoingMail.objects.get().is_secret
    page = client.get(CODE).content.decode()
    assert owner.email in page
    assert "You have not logged in with this browser before" in page
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == "/dashboard/"
    assert is_in(client)


def test_its_person_is_told_with_the_name_of_the_device(client: Client, owner: User) -> None:
    login(client, owner)
    client.post(CODE, {"code": code_in_mail()}, headers={"User-Agent": WINDOWS})
    assert mails() == [("login_code", owner.email), ("new_browser", owner.email)]
    told = OutgoingMail.objects.latest("id")
    assert told.subject == "A login from a new browser"
    assert "from 127.0.0.1, with Firefox on Windows." in told.text


def test_browser_is_known_from_then_on(client: Client, owner: User) -> None:
    login(client, owner)
    client.post(CODE, {"code": code_in_mail()})
    cookie = client.cookies[current.BROWSER_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"]) == (90 * 24 * 60 * 60, True)
    client.post("/logout/")
    assert login(client, owner)["Location"] == "/dashboard/"
    assert len(mails()) == 2


def test_remember_me_outlasts_the_code(client: Client, owner: User) -> None:
    login(client, owner, remember="on")
    client.post(CODE, {"code": code_in_mail()})
    assert client.cookies[current.SESSION_COOKIE_NAME]["max-age"] == 30 * 24 * 60 * 60


def test_code_leads_to_where_somebody_wanted_to_go(client: Client, owner: User) -> None:
    answer = login(client, owner, next="/account/email/")
    assert client.post(answer["Location"], {"code": code_in_mail()})["Location"] == (
        "/account/email/"
    )


def test_browser_of_a_registration_is_known_from_the_beginning(client: Client) -> None:
    client.post("/register/", registration(email="new@example.org"))
    client.post("/register/confirm/", {"code": code_in_mail()})
    assert [message for message, _ in mails()] == ["email_confirmation_signup", "welcome"]
    client.post("/logout/")
    person = User.objects.get()
    data = {"login": person.email, "password": registration()["password1"]}
    assert client.post("/login/", data)["Location"] == "/dashboard/"


def test_unconfirmed_address_gets_one_code_not_two(client: Client) -> None:
    client.post("/register/", registration(email="new@example.org"))
    cache.clear()  # the ten seconds between two mails are over
    elsewhere = Client()
    data = {"login": "new@example.org", "password": registration()["password1"]}
    assert elsewhere.post("/login/", data)["Location"] == "/register/confirm/"
    assert elsewhere.post("/register/confirm/", {"code": code_in_mail()})["Location"] == (
        "/dashboard/"
    )
    assert [message for message, _ in mails()][:2] == ["email_confirmation_signup"] * 2
    assert "login_code" not in [message for message, _ in mails()]


def test_second_factor_takes_the_place_of_the_code(client: Client, reviewer: User) -> None:
    assert login(client, reviewer)["Location"] == "/login/second-factor/"
    client.post("/login/second-factor/", {"code": code_of(secret_of(reviewer))})
    assert mails() == [("new_browser", reviewer.email)]


def test_staff_without_a_second_factor_are_asked_for_the_code(client: Client) -> None:
    assert login(client, factories.user(is_staff=True))["Location"] == CODE


def test_known_browser_does_not_replace_the_second_factor(reviewer: User) -> None:
    client = factories.known_browser(reviewer)
    assert login(client, reviewer)["Location"] == "/login/second-factor/"


def test_browser_is_known_for_its_own_people_only(owner: User, stranger: User) -> None:
    client = factories.known_browser(stranger)
    assert login(client, owner)["Location"] == CODE
    client.post(CODE, {"code": code_in_mail()})
    for person in (stranger, owner):
        client.post("/logout/")
        assert login(client, person)["Location"] == "/dashboard/"


def test_new_password_makes_every_browser_a_new_one(owner: User) -> None:
    client = factories.known_browser(owner)
    owner.set_password("nine patient herons fishing")
    owner.save()
    assert login(client, owner, password="nine patient herons fishing")["Location"] == CODE


def test_browser_in_which_the_password_is_changed_stays_known(owner: User) -> None:
    client = factories.known_browser(owner)
    login(client, owner)
    new = "nine patient herons fishing"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    client.post("/logout/")
    assert login(client, owner, password=new)["Location"] == "/dashboard/"


@pytest.mark.parametrize("change", ["forged", "old"])
def test_forged_or_old_cookie_counts_for_nothing(
    owner: User, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = factories.known_browser(owner)
    if change == "forged":
        client.cookies[current.BROWSER_COOKIE_NAME] = (
            "W" + client.cookies[current.BROWSER_COOKIE_NAME].value
        )
    else:
        long_ago = time.time() - browsers.AGE - 1
        with monkeypatch.context() as then:
            then.setattr(time, "time", lambda: long_ago)
            client = factories.known_browser(owner)
    assert login(client, owner)["Location"] == CODE


@pytest.mark.parametrize(("days", "is_known"), [(89, True), (91, False)])
def test_each_person_of_a_browser_counts_for_ninety_days_of_their_own(
    owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch, days: int, is_known: bool
) -> None:
    """The cookie is signed anew with every login; who has not used it for long counts no more."""
    day, clock = 24 * 60 * 60, time.time
    client = Client()
    for person, ago in ((owner, days), (stranger, 40)):
        with monkeypatch.context() as then:
            then.setattr(time, "time", lambda ago=ago: clock() - ago * day)
            login(client, person)
            client.post(CODE, {"code": code_in_mail()})
            client.post("/logout/")
    assert login(client, stranger)["Location"] == "/dashboard/"
    client.post("/logout/")
    assert login(client, owner)["Location"] == ("/dashboard/" if is_known else CODE)


def test_browser_is_known_under_an_earlier_secret_key_too(owner: User, settings: Settings) -> None:
    client = factories.known_browser(owner)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5
    assert login(client, owner)["Location"] == "/dashboard/"


def test_five_people_of_one_browser_are_kept() -> None:
    client = Client()
    people = [factories.user() for _ in range(6)]
    for person in people:
        login(client, person)
        client.post(CODE, {"code": code_in_mail()})
        client.post("/logout/")
    assert login(client, people[1])["Location"] == "/dashboard/"
    client.post("/logout/")
    assert login(client, people[0])["Location"] == CODE


def test_code_can_be_sent_again(client: Client, owner: User) -> None:
    login(client, owner)
    first = code_in_mail()
    client.post(CODE, {"action": "resend"})
    assert client.post(CODE, {"code": first}).status_code == 200
    assert client.post(CODE, {"code": code_in_mail()}).status_code == 302


def test_after_three_wrong_codes_the_right_one_is_too_late(client: Client, owner: User) -> None:
    login(client, owner)
    code = code_in_mail()
    answers = [client.post(CODE, {"code": "000001"}).status_code for _ in range(3)]
    assert answers == [200, 200, 302]
    client.post(CODE, {"code": code})
    assert not is_in(client)


def test_ten_codes_an_hour_are_all_that_somebody_with_the_password_gets(owner: User) -> None:
    answers = [login(Client(), owner).status_code for _ in range(11)]
    assert answers == 10 * [302] + [429]
    assert len(mails()) == 10
