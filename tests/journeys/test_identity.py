"""Who somebody is, in a browser: passkey, authenticator app, forgotten password, devices."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.journeys.steps import (
    PASSWORD,
    fill_application,
    fill_registration,
    plug_authenticator_in,
    press,
)
from tests.portal import TOTP_STEP, Portal

NEW_PASSWORD = "a heron waits below the weir"


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A page in another browser."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def register(page: Page, portal: Portal, email: str, folder: Path) -> None:
    fill_registration(page, portal.url, email, folder)
    press(page, "Register")
    page.get_by_label("Code").fill(portal.mail(email, "Your code").code)
    press(page, "Go on")
    expect(page.locator("h1")).to_have_text("Welcome, Amara")


def log_out(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Log in")).to_be_visible()


def give_password(page: Page, portal: Portal, email: str, password: str) -> None:
    page.goto(f"{portal.url}/login/")
    page.get_by_label("Login / email").fill(email)
    page.locator("input[type=password]").fill(password)
    press(page, "Login")


def prove_identity(page: Page) -> None:
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Go on")


def test_passkey_is_added_logs_in_and_counts_as_proof_before_submission(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    email = "passkey@example.org"
    plug_authenticator_in(page)
    register(page, portal, email, tmp_path)

    page.goto(f"{portal.url}/account/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    prove_identity(page)
    page.get_by_label("Name of the passkey").fill("My laptop")
    press(page, "Add a passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    portal.mail(email, "A passkey has been added")
    log_out(page)

    page.goto(f"{portal.url}/login/")
    press(page, "Log in with a passkey")
    expect(page.locator("h1")).to_have_text("Welcome, Amara")

    fill_application(page, portal.url)
    expect(page.locator("h1")).to_have_text("Check your answers")
    press(page, "Submit")
    expect(page.locator("h1")).to_have_text("We have received your application")


def test_authenticator_app_is_set_up_and_asked_for_at_the_next_login(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    email = "app@example.org"
    register(page, portal, email, tmp_path)
    page.goto(f"{portal.url}/account/second-factor/")
    page.get_by_role("link", name="Set up an authenticator app").click()
    prove_identity(page)
    secret = page.locator("main code").inner_text()
    step = int(time.time()) // TOTP_STEP
    page.get_by_role("textbox", name="Code").fill(format_hotp_value(hotp_value(secret, step)))
    press(page, "Switch it on")
    expect(page.get_by_text("Your authenticator app is set up.")).to_be_visible()
    portal.mail(email, "Your account has a second factor")
    log_out(page)

    give_password(page, portal, email, PASSWORD)
    expect(page.locator("h1")).to_have_text("Second factor")
    page.get_by_label("Code").fill("000000")
    press(page, "Login")
    expect(page.get_by_role("alert")).to_contain_text("This code is not right.")
    # Each code counts once; the next one is taken half a minute early.
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, step + 1)))
    press(page, "Login")
    expect(page.locator("h1")).to_have_text("Welcome, Amara")


def test_forgotten_password_is_set_anew_and_the_new_browser_asks_for_a_code(
    portal: Portal, page: Page, other: Page, tmp_path: Path
) -> None:
    email = "forgetful@example.org"
    register(page, portal, email, tmp_path)

    other.goto(f"{portal.url}/login/")
    other.get_by_role("link", name="Forgot password?").click()
    other.get_by_label("Email address").fill(email)
    press(other, "Send a code")
    other.get_by_label("Code").fill(portal.mail(email, "Your code for a new password").code)
    press(other, "Go on")
    for field in other.locator("input[type=password]").all():
        field.fill(NEW_PASSWORD)
    press(other, "Set the password")
    expect(other.locator("h1")).to_have_text("Your password is set")
    portal.mail(email, "Your password has been set anew")

    before = len(portal.outbox(email))
    give_password(other, portal, email, NEW_PASSWORD)
    expect(other.locator("h1")).to_have_text("Enter the code")
    expect(other.get_by_text("You have not logged in with this browser before")).to_be_visible()
    code = newest_after(portal, email, before)
    other.get_by_label("Code").fill("111111" if code != "111111" else "222222")
    press(other, "Login")
    expect(other.get_by_role("alert")).to_contain_text("This code is not right.")
    other.get_by_label("Code").fill(code)
    press(other, "Login")
    expect(other.locator("h1")).to_have_text("Welcome, Amara")
    told = portal.mail(email, "A login from a new browser").text
    assert "Chrome on Linux" in told

    # Where the old password counted, nobody is logged in any more.
    page.goto(f"{portal.url}/account/")
    expect(page.locator("h1")).to_have_text("Login")


def newest_after(portal: Portal, email: str, before: int) -> str:
    """The code of the mail that comes when so many are there already."""
    deadline = time.monotonic() + 20
    while len(portal.outbox(email)) == before:
        assert time.monotonic() < deadline, "no mail"
        time.sleep(0.2)
    return portal.mail(email, "Your code").code


def test_other_devices_are_listed_by_name_and_logged_out(
    portal: Portal, page: Page, other: Page, tmp_path: Path
) -> None:
    email = "devices@example.org"
    register(page, portal, email, tmp_path)
    before = len(portal.outbox(email))
    give_password(other, portal, email, PASSWORD)
    other.get_by_label("Code").fill(newest_after(portal, email, before))
    press(other, "Login")
    expect(other.locator("h1")).to_have_text("Welcome, Amara")

    page.goto(f"{portal.url}/account/sessions/")
    expect(page.get_by_role("heading", name="Chrome on Linux")).to_have_count(2)
    expect(page.get_by_text("This device")).to_have_count(1)
    expect(page.get_by_text("Another device")).to_have_count(1)
    press(page, "End the others")
    expect(page.get_by_text("All other devices are logged out.")).to_be_visible()
    expect(page.get_by_role("heading", name="Chrome on Linux")).to_have_count(1)

    other.reload()
    expect(other.locator("h1")).to_have_text("Login")
