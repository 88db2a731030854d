"""Every page of registration, login and account as assistive technology and the policy see it."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from organizations.models import User
from tests import factories
from tests.browser import know
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENTRANCE = ["/register/", "/login/", "/password/reset/"]
INSIDE = [
    "/organization/",
    "/organization/edit/",
    "/account/",
    "/account/email/",
    "/account/password/",
    "/account/second-factor/",
    "/account/second-factor/app/",
    "/account/second-factor/passkeys/",
    "/account/second-factor/passkeys/add/",
    "/account/sessions/",
]


@pytest.fixture
def person() -> User:
    return factories.member(factories.organization(logo=""), "owner")


def complaints(page: Page, address: str, scheme: Literal["dark", "light"], width: int) -> list[str]:
    """What axe, the policy or a sideways scroll bar say against a page."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    page.on("console", note)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    found += [f"{entry['id']} {entry['nodes'][0]['target']}" for entry in violations]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("scrolls sideways")
    page.remove_listener("console", note)
    return found


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_nothing_is_said_against_the_pages(
    page: Page,
    live_server: LiveServer,
    person: User,
    width: int,
    scheme: Literal["dark", "light"],
) -> None:
    portal = live_server.url
    found = {path: complaints(page, portal + path, scheme, width) for path in ENTRANCE}
    know(page, portal, person)
    page.goto(f"{portal}/login/?next=/account/second-factor/app/")
    page.get_by_label("Login / email").fill(person.email)
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Login", exact=True).click()
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    found |= {path: complaints(page, portal + path, scheme, width) for path in INSIDE}
    assert {path: said for path, said in found.items() if said} == {}


def test_errors_of_a_registration_are_announced(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/register/")
    page.get_by_label("First Name").fill("Amara")
    page.get_by_role("button", name="Register").click()
    summary = page.get_by_role("alert")
    assert "answers need another look" in summary.inner_text()
    summary.get_by_role("link", name="Last Name").click()
    assert page.evaluate("document.activeElement.name") == "last_name"
    assert page.get_by_label("First Name").input_value() == "Amara"
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []


def test_words_for_other_are_asked_once_other_is_chosen(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/register/")
    other = page.get_by_label("Organization other")
    assert not other.is_visible()
    page.get_by_label("Organization Type").select_option("other")
    assert other.is_visible()
