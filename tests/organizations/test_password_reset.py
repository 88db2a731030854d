from typing import Any

import pytest
from django.test import Client

from alliance.models import Event, OutgoingMail
from organizations.models import User
from tests import factories
from tests.organizations.registering import code_in_mail, mails

pytestmark = pytest.mark.django_db

CODE = "/password/reset/code/"
NEW = "/password/reset/new/"
PASSWORD = "four tame pelicans waiting"


def ask(client: Client, email: str) -> Any:
    return client.post("/password/reset/", {"email": email})


def test_code_from_the_mail_sets_a_new_password(client: Client, owner: User) -> None:
    assert ask(client, owner.email)["Location"] == CODE
    assert OutgoingMail.objects.get().is_secret
    assert client.post(CODE, {"code": code_in_mail()})["Location"] == NEW
    answer = client.post(NEW, {"password1": PASSWORD, "password2": PASSWORD})
    assert answer["Location"] == "/password/reset/done/"
    assert client.get("/password/reset/done/").status_code == 200
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
    assert [message for message, _ in mails()] == ["password_reset_code", "password_reset"]
    assert Event.objects.about(owner).get().name == "user.password_changed"


def test_reset_does_not_log_in(client: Client, owner: User) -> None:
    ask(client, owner.email)
    client.post(CODE, {"code": code_in_mail()})
    client.post(NEW, {"password1": PASSWORD, "password2": PASSWORD})
    assert client.get("/account/").status_code == 302


def test_new_password_must_be_a_good_one(client: Client, owner: User) -> None:
    ask(client, owner.email)
    client.post(CODE, {"code": code_in_mail()})
    page = client.post(NEW, {"password1": "password1234", "password2": "password1234"})
    assert "among those that are guessed first" in page.content.decode()
    assert not User.objects.get(pk=owner.pk).check_password("password1234")


def test_nobody_learns_who_is_registered(owner: User) -> None:
    answers = []
    for email in (owner.email, "nobody@example.org"):
        client = Client()
        asked = ask(client, email)
        page = client.get(CODE).content.decode().replace(email, "somebody")
        lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
        guesses = [client.post(CODE, {"code": "00000001"}) for _ in range(3)]
        ends = [(guess.status_code, guess.headers.get("Location")) for guess in guesses]
        answers.append((asked.status_code, asked["Location"], lines, ends))
    assert answers[0] == answers[1]
    assert mails() == [
        ("password_reset_code", owner.email),
        ("unknown_account", "nobody@example.org"),
    ]


def test_mail_bombs_are_stopped(client: Client, owner: User) -> None:
    statuses = [ask(Client(), owner.email).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
    assert len(mails()) == 5


def test_page_of_the_new_password_is_closed_without_the_code(client: Client, owner: User) -> None:
    assert client.get(NEW)["Location"] == "/password/reset/"
    ask(client, owner.email)
    assert client.get(NEW)["Location"] == CODE


def test_right_code_clears_the_limit_on_guessing(client: Client, owner: User) -> None:
    guess = {"login": owner.email, "password": "a wrong one"}
    for _ in range(5):
        client.post("/login/", guess)
    ask(client, owner.email)
    client.post(CODE, {"code": code_in_mail()})
    client.post(NEW, {"password1": PASSWORD, "password2": PASSWORD})
    owner.refresh_from_db()
    login = {"login": owner.email, "password": PASSWORD}
    answer = factories.known_browser(owner).post("/login/", login)
    assert answer.status_code == 302
