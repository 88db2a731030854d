"""Passkeys in a real browser, with an authenticator that Chromium plays."""

import re

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Membership, User
from tests import factories
from tests.browser import know
from tests.factories import PASSWORD
from tests.journeys.steps import fill_application, plug_authenticator_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]


@pytest.fixture
def person() -> User:
    return factories.member(factories.organization(), Membership.Role.OWNER)


@pytest.fixture
def portal(page: Page, live_server: LiveServer) -> str:
    """Plug an authenticator in; returns the address of the portal."""
    plug_authenticator_in(page)
    return live_server.url


def log_in(page: Page, portal: str, person: User, leads_to: str = "/account/") -> None:
    know(page, portal, person)
    page.goto(f"{portal}/login/?next={leads_to}")
    page.get_by_label("Login / email").fill(person.email)
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Login", exact=True).click()


def add_passkey(page: Page, portal: str, person: User) -> None:
    log_in(page, portal, person, "/account/second-factor/passkeys/add/")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page).to_have_url(re.compile("/recovery-codes/$"))


def log_out(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Log in")).to_be_visible()


def test_passkey_logs_in_alone_and_as_second_factor(page: Page, portal: str, person: User) -> None:
    add_passkey(page, portal, person)
    assert Authenticator.objects.get(user=person, type="webauthn").wrap().name == "My laptop"
    log_out(page)

    page.goto(f"{portal}/login/?next=/account/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    log_out(page)

    log_in(page, portal, person)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_passkey_proves_who_it_is(page: Page, portal: str, person: User) -> None:
    add_passkey(page, portal, person)
    page.goto(f"{portal}/account/reauthenticate/passkey/?next=/account/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_passkey_is_the_proof_before_a_submission(page: Page, portal: str, person: User) -> None:
    add_passkey(page, portal, person)
    fill_application(page, portal)
    forget_proofs()
    page.reload()
    page.get_by_role("button", name="Confirm who I am, then submit").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("h1")).to_have_text("Check your answers")
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(page.locator("h1")).to_have_text("We have received your application")


def forget_proofs() -> None:
    """Let the proofs of the session, under its newest key, be older than five minutes."""
    session = SessionStore(Session.objects.latest("expire_date").session_key)
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= 10 * 60
    session.save()


def test_unknown_passkey_is_refused_in_words(page: Page, portal: str) -> None:
    page.goto(f"{portal}/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The passkey was not used. Please try again, or choose another way."
    )
