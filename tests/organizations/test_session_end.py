"""The last two minutes of a login: said in time, and put off with one press."""

import time
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizations.login.sessions import HOUR, MEMBER, MINUTE, REMEMBERED, STAFF
from organizations.models import Membership, User
from tests import factories

SOON = "You will be logged out in two minutes, because nothing has happened for a while."
FINAL = "You will be logged out in two minutes: no login lasts longer."


def put_back(client: Client, *, began: float, seen: float) -> None:
    """Let the login have begun, and its person have been seen, so many seconds ago."""
    session = client.session
    session["session_began"] = time.time() - began
    session["session_seen"] = time.time() - seen
    session.save()


def is_nearly(found: int, expected: int) -> bool:
    return expected - 5 <= found <= expected


@pytest.mark.django_db
def test_page_says_when_the_login_ends_also_without_a_script(owner: User) -> None:
    client = factories.logged_in(owner)
    page = client.get("/account/")
    end = page.context["session_end"]()
    assert is_nearly(end.seconds, MEMBER.idle)
    said = f"Unless you open another page before, you are logged out at {end.at:%H:%M} UTC."
    assert said in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/login/", "/register/"])
def test_visitors_have_no_login_that_ends(client: Client, path: str) -> None:
    assert "session-end" not in client.get(path).content.decode()


@pytest.mark.django_db
def test_remembered_members_are_not_told_weeks_before(owner: User) -> None:
    client = factories.logged_in(owner)
    session = client.session
    session.set_expiry(REMEMBERED.absolute)
    session.save()
    assert "session-end" not in client.get("/account/").content.decode()


@pytest.mark.django_db
def test_staff_are_told_in_the_admin(reviewer_client: Client) -> None:
    page = reviewer_client.get("/admin/")
    assert is_nearly(page.context["session_end"]().seconds, STAFF.idle)
    assert 'class="session-end"' in page.content.decode()


@pytest.mark.django_db
def test_staying_puts_the_end_off(owner: User) -> None:
    client = factories.logged_in(owner)
    client.get("/account/")
    put_back(client, began=2 * HOUR, seen=59 * MINUTE)
    answer = client.post("/account/stay/").json()
    assert is_nearly(answer["seconds"], MEMBER.idle)
    assert answer["final"] is False
    assert time.time() - client.session["session_seen"] < MINUTE


@pytest.mark.django_db
def test_no_staying_beyond_the_longest_time(owner: User) -> None:
    client = factories.logged_in(owner)
    client.get("/account/")
    put_back(client, began=MEMBER.absolute - 90, seen=2 * MINUTE)
    answer = client.post("/account/stay/").json()
    assert is_nearly(answer["seconds"], 90)
    assert answer["final"] is True


@pytest.mark.django_db
def test_who_is_logged_out_already_cannot_stay(client: Client) -> None:
    assert client.post("/account/stay/")["Location"] == "/login/?next=/account/stay/"


@pytest.fixture
def member(transactional_db: None, contents: None) -> Client:
    person = factories.member(factories.organization(), Membership.Role.OWNER)
    client = factories.logged_in(person)
    client.get("/account/")
    return client


def open_with(page: Page, live_server: LiveServer, client: Client, path: str) -> None:
    """A page in the browser, in the session of this client."""
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
    )
    page.goto(live_server.url + path)


def test_bar_shows_two_minutes_before_and_goes_with_staying(
    page: Page, live_server: LiveServer, member: Client
) -> None:
    put_back(member, began=HOUR, seen=59 * MINUTE - 70)
    page.clock.install()
    open_with(page, live_server, member, "/account/")
    bar = page.locator(".session-end")
    expect(bar).to_be_hidden()
    expect(page.get_by_text("Unless you open another page before")).to_be_hidden()
    page.clock.run_for("58:00")
    expect(page.get_by_role("alert")).to_have_text(SOON)
    put_back(member, began=2 * HOUR, seen=58 * MINUTE)
    page.get_by_role("button", name="Stay logged in").click()
    page.clock.run_for(1500)
    expect(bar).to_be_hidden()


def test_one_window_stays_for_all(page: Page, live_server: LiveServer, member: Client) -> None:
    page.clock.install()
    open_with(page, live_server, member, "/account/")
    page.clock.run_for("58:30")
    expect(page.get_by_role("alert")).to_have_text(SOON)
    other = page.context.new_page()
    other.goto(f"{live_server.url}/organization/")
    page.clock.run_for(1500)
    expect(page.locator(".session-end")).to_be_hidden()


def test_last_end_is_said_without_a_button(
    page: Page, live_server: LiveServer, member: Client
) -> None:
    put_back(member, began=MEMBER.absolute - 100, seen=10)
    page.clock.install()
    open_with(page, live_server, member, "/account/")
    page.clock.run_for(1500)
    expect(page.get_by_role("alert")).to_contain_text(FINAL)
    expect(page.get_by_role("button", name="Stay logged in")).to_be_hidden()
    page.clock.run_for("02:00")
    expect(page.get_by_role("alert")).to_have_text(
        "You are logged out. If you have typed something, copy it before you log in again."
    )


def test_end_is_said_with_comfort_where_what_was_typed_is_kept(
    page: Page, live_server: LiveServer, member: Client
) -> None:
    page.clock.install()
    open_with(page, live_server, member, "/organization/edit/")
    page.clock.run_for("01:01:00")
    expect(page.get_by_role("alert")).to_have_text(
        "You are logged out. What you typed is not lost: send it, log in again, and it comes back."
    )


def test_time_is_said_without_a_script(
    browser: Browser, live_server: LiveServer, member: Client
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_with(page, live_server, member, "/account/")
    expect(page.get_by_text("Unless you open another page before")).to_be_visible()
    context.close()


@pytest.mark.django_db
def test_whoever_sends_after_the_end_comes_back_to_the_page_and_not_to_the_act(
    reviewer: User,
) -> None:
    """The address of an act has no page: a login must not end there."""
    client = factories.known_browser(reviewer)
    page = "/admin/submissions/submission/?queue=all"
    answer = client.post(
        "/admin/submissions/submission/take/", headers={"Referer": f"http://testserver{page}"}
    )
    assert answer["Location"] == f"/login/?next={quote(page)}"
    assert "nothing was sent or changed" in client.get(answer["Location"]).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["https://elsewhere.example/x/", "javascript:alert(1)", ""])
def test_no_other_site_says_where_a_login_leads(client: Client, referer: str) -> None:
    act = "/admin/submissions/submission/take/"
    answer = client.post(act, headers={"Referer": referer})
    assert answer["Location"] == f"/login/?next={act}"
