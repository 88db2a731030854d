"""The forms that anybody may send, without JavaScript and with nothing but a keyboard."""

import pytest
from playwright.sync_api import Browser, Page, expect

from organizations.spam import SHORTEST_TIME
from tests.portal import Portal

pytestmark = pytest.mark.xdist_group("portal")

ADDRESS = "amina.tabs@example.org"
# What is typed into each form, by the name of the field; True ticks the box.
FORMS: dict[str, dict[str, str | bool]] = {
    "/connect/": {
        "name": "Amina Okoro",
        "email": ADDRESS,
        "organization": "Ministry of Water",
        "job_title": "Planner",
        "reason": "J",  # “Join …”: the first letter chooses from the list
        "message": "We would like to visit.",
    },
    "/subscribe/": {"email": ADDRESS, "unfold": True, "themes": True, "regions": True},
    "/library/alerts/new/?q=rain": {"email": ADDRESS},
}
UNNAMED = {"send": "main form button", "unfold": "main summary"}
_MOST_STEPS = 120


def reach(page: Page, wanted: str) -> None:
    """Press Tab until the control of that name has the focus; the trap is never on the way."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        name = page.locator(":focus").get_attribute("name")
        assert name != "trap"
        if name == wanted or (wanted in UNNAMED and _is(page, UNNAMED[wanted])):
            return
    raise AssertionError(f"{wanted} is not reached")


def _is(page: Page, selector: str) -> bool:
    return page.locator(f"{selector}:focus").count() == 1


@pytest.mark.parametrize("path", FORMS)
def test_a_form_is_filled_in_and_sent(browser: Browser, portal: Portal, path: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    before = len(portal.outbox(ADDRESS))
    page.goto(f"{portal.url}{path}")
    page.wait_for_timeout(SHORTEST_TIME.total_seconds() * 1000 + 200)
    for name, value in FORMS[path].items():
        reach(page, name)
        if value is True:
            page.keyboard.press("Space")
        else:
            page.keyboard.type(str(value))
    reach(page, "send")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url(lambda url: url.endswith(("/sent/", "/thanks/")))
    assert len(portal.outbox(ADDRESS)) == before + 1
    context.close()
