"""A double click on Register: one account, one mail, and a page that takes its code."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Organization, User
from tests import factories
from tests.journeys.steps import fill_registration
from tests.organizations.registering import (
    code_in_mail,
    mails,
    picture,
    registration,
    ticket_of_age,
)

CONFIRM = "/register/confirm/"
# What both clicks carry, as they come from the same page.
PAGE = {"csrfmiddlewaretoken": "t" * 32, "ticket": ticket_of_age()}


def click(client: Client, **changes: Any) -> Any:
    """What a browser sends, with what the page carries that it was sent from."""
    return client.post("/register/", registration(**PAGE) | changes)


@pytest.mark.django_db
def test_second_click_gets_the_first_ones_page_and_its_code() -> None:
    browsers = [Client(), Client()]
    assert [click(browser)["Location"] for browser in browsers] == [CONFIRM, CONFIRM]
    assert mails() == [("email_confirmation_signup", "amara.diallo@example.org")]
    assert Organization.objects.count() == 1
    assert browsers[1].get(CONFIRM).status_code == 200
    answer = browsers[1].post(CONFIRM, {"code": code_in_mail()})
    assert answer["Location"] == "/dashboard/"


@pytest.mark.django_db
def test_second_click_on_a_taken_address_looks_the_same() -> None:
    factories.user(email="amara.diallo@example.org")
    browsers = [Client(), Client()]
    assert [click(browser)["Location"] for browser in browsers] == [CONFIRM, CONFIRM]
    assert [message for message, _ in mails()] == ["account_already_exists"]
    assert browsers[1].get(CONFIRM).status_code == 200


@pytest.mark.django_db
def test_whoever_goes_back_and_changes_something_registers_that() -> None:
    click(Client())
    click(Client(), email="right@example.org", logo=picture())
    assert User.objects.filter(email="right@example.org").exists()


@pytest.mark.django_db
def test_same_answers_from_another_page_are_no_second_click() -> None:
    first, second = Client(), Client()
    click(first)
    click(second, csrfmiddlewaretoken="u" * 32, logo=picture())
    second.post(CONFIRM, {"code": code_in_mail()})
    assert second.get("/account/").status_code == 302


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_account_and_one_mail() -> None:
    answers: list[tuple[int, str]] = []
    barrier = threading.Barrier(2)

    def one() -> None:
        data = registration(**PAGE)
        barrier.wait()
        answer = Client().post("/register/", data)
        answers.append((answer.status_code, answer.headers.get("Location", "")))
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(302, CONFIRM), (302, CONFIRM)]
    assert (User.objects.count(), Organization.objects.count(), len(mails())) == (1, 1, 1)


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
def test_double_click_where_no_script_runs(
    browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    fill_registration(page, live_server.url, "amara.diallo@example.org", tmp_path)
    page.locator("main").get_by_role("button", name="Register").dblclick()
    expect(page.locator("h1")).to_have_text("Confirm your email address")
    assert len(mails()) == 1
    page.get_by_label("Code").fill(code_in_mail())
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("Welcome, Amara")
    context.close()
