import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from organizations.login import browsers
from organizations.models import User
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NOT_RIGHT = "The email address or the password is not right. Please try again."


def login(client: Client, person: User, **changes: Any) -> Any:
    """Send the form from a browser that this person has used before."""
    client.cookies[settings.BROWSER_COOKIE_NAME] = browsers.cookie_value(person)
    data = {"login": person.email, "password": PASSWORD} | changes
    return client.post("/login/", data)


def test_page_uses_the_words_of_the_client(client: Client) -> None:
    page = client.get("/login/").content.decode()
    assert "<title>Login – UNOSSC Alliance</title>" in page
    for label in ("Login / email", "Password", "Remember me", "Forgot password?"):
        assert label in page
    assert "placeholder" not in page


def test_page_costs_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/login/")


def test_right_password_opens_the_dashboard(client: Client, owner: User) -> None:
    response = login(client, owner, login=owner.email.upper())
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")


def test_wrong_password_and_unknown_address_get_the_same_answer(owner: User) -> None:
    answers = []
    for address in (owner.email, "nobody@example.org"):
        response = login(Client(), owner, login=address, password="not the right one")
        page = response.content.decode().replace(address, "somebody")
        assert NOT_RIGHT in page
        lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
        answers.append((response.status_code, lines))
    assert answers[0] == answers[1]


def test_closed_account_says_so_to_whoever_knows_the_password(client: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert login(client, owner, password="not the right one").status_code == 200
    assert login(client, owner)["Location"] == "/login/closed/"
    assert client.get("/login/closed/").status_code == 200


def test_remembered_login_lasts_thirty_days(client: Client, owner: User) -> None:
    login(client, owner, remember="on")
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 24 * 60 * 60


def test_login_ends_with_the_browser_unless_remembered(client: Client, owner: User) -> None:
    login(client, owner)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""


def test_login_leads_back_to_where_somebody_wanted_to_go(client: Client, owner: User) -> None:
    assert login(client, owner, next="/account/email/")["Location"] == "/account/email/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_login_leads_nowhere_else(client: Client, owner: User, target: str) -> None:
    assert login(client, owner, next=target)["Location"] == "/dashboard/"


def test_sixth_wrong_guess_is_not_even_looked_at(client: Client, owner: User) -> None:
    for _ in range(5):
        assert NOT_RIGHT in login(client, owner, password="a wrong one").content.decode()
    response = login(client, owner)
    assert response.status_code == 200
    assert "There were too many wrong tries." in response.content.decode()


def test_forged_proxy_header_does_not_reset_the_limit(client: Client, owner: User) -> None:
    for number in range(10):
        client.post(
            "/login/",
            {"login": f"person{number}@example.org", "password": "a wrong one"},
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
    response = client.post(
        "/login/",
        {"login": owner.email, "password": PASSWORD},
        headers={"X-Forwarded-For": "192.0.2.99"},
    )
    assert "There were too many wrong tries." in response.content.decode()


def test_logging_out_needs_a_post(owner_client: Client) -> None:
    assert "Log out?" in owner_client.get("/logout/").content.decode()
    assert owner_client.get("/organization/").status_code == 200
    assert owner_client.post("/logout/")["Location"] == "/"
    assert owner_client.get("/organization/").status_code == 302


def test_staff_begin_in_the_admin_after_their_second_factor(client: Client) -> None:
    reviewer = factories.staff("Reviewer")
    response = login(client, reviewer)
    assert response["Location"] == "/login/second-factor/"
    assert client.get("/admin/").status_code == 302


def test_a_password_is_hidden_and_a_password_manager_may_fill_it_in(client: Client) -> None:
    page = client.get("/login/").content.decode()
    [field] = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page
