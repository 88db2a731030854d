"""The way through the portal with the keyboard alone: search, filter, open, Connect, subscribe,
register; the forms that anybody may send without JavaScript too.

At each stop of the Tab key the focus must be seen: within the window, with a ring, and with
nothing that sticks to an edge of the window over it. The trap for machines is never on the way.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from organizations.spam import SHORTEST_TIME
from tests.journeys.steps import PASSWORD
from tests.organizations.registering import picture
from tests.portal import Portal

MOST_STOPS = 150
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
# What has no name of its own.
UNNAMED = {"unfold": "main summary", "send": "main form button"}
PUBLISHED = """
from organizations.models import Membership
from tests import factories
owner = factories.member(factories.organization(), Membership.Role.OWNER, email="tabs@example.org")
print(factories.demand(owner, "published", description="Gauges for keys.", themes=["gender"]))
"""

# What is wrong with how the focus is seen; empty where all is well. Boxes that are drawn by their
# label carry the ring there.
SEEN = """async element => {
  const shown = [element, element.closest("label"), element.nextElementSibling, element.parentElement];
  const ring = one => one && ["outlineStyle", "boxShadow"].some(
    name => !["none", ""].includes(getComputedStyle(one)[name])
  );
  // The window follows the focus within a few frames; on a busy machine these take their time.
  let box, isOutside = true;
  for (let frames = 0; isOutside && frames < 60; frames += 1) {
    await new Promise(requestAnimationFrame);
    box = element.getBoundingClientRect();
    isOutside = box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
  }
  const faults = shown.some(ring) ? [] : ["no ring"];
  if (isOutside) return [...faults, "outside the window"];
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const above = document.elementFromPoint(x, y);
  const own = [element, ...(element.labels || [])];
  if (above && !own.some(one => one.contains(above) || above.contains(one)))
    faults.push("under " + above.outerHTML.slice(0, 80));
  return faults;
}"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Nothing slides: what is seen at a stop is what stays."""
    return browser_context_args | {"reduced_motion": "reduce"}


def go_to(page: Page, wanted: Locator, *, look: bool = True) -> None:
    """Press Tab until the focus is there; it must be seen at every stop.

    Without JavaScript nobody can `look`: the browser answers no question that waits for a frame.
    """
    faults = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count():
            found = focused.evaluate(SEEN) if look else []
            faults += [f"{focused.evaluate('one => one.outerHTML')[:80]}: {found}"] if found else []
            assert focused.get_attribute("name") != "trap"
        if wanted.and_(focused).count():
            assert faults == []
            return
    pytest.fail(f"the Tab key does not lead to {wanted}")


def type_into(page: Page, label: str, text: str) -> None:
    go_to(page, page.locator("main").get_by_label(label).first)
    page.keyboard.type(text)


def press_button(page: Page, name: str) -> None:
    go_to(page, page.locator("main").get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def wait_as_people_do(page: Page) -> None:
    """Nobody fills a form in faster."""
    page.wait_for_timeout(SHORTEST_TIME / timedelta(milliseconds=1))


def test_search_open_and_connect_with_the_keyboard_alone(page: Page, portal: Portal) -> None:
    page.goto(portal.url)
    go_to(page, page.get_by_role("link", name="Skip to the content"))
    page.keyboard.press("Enter")
    go_to(page, page.get_by_role("searchbox").first)
    page.keyboard.type("exchange")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{portal.url}/search/?q=exchange")
    go_to(page, page.locator("main a[href^='/library/']:not([href*='?'])").first)
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_be_visible()
    assert "/library/" in page.url
    go_to(page, page.locator("main a[href^='/connect/']").first)
    page.keyboard.press("Enter")
    type_into(page, "Your name", "Amara Diallo")
    type_into(page, "Email", "amara.keys@example.org")
    type_into(page, "Organization / institution", "Water Board")
    type_into(page, "Job title / role", "Director")
    type_into(page, "Short message", "May we use this in our training?")
    wait_as_people_do(page)
    press_button(page, "Send")
    expect(page).to_have_url(f"{portal.url}/connect/thanks/")


def test_filter_open_and_offer_help_with_the_keyboard_alone(page: Page, portal: Portal) -> None:
    reference = portal.run(PUBLISHED).strip()
    page.goto(f"{portal.url}/demands/")
    go_to(page, page.locator("main input[name=theme][value=gender]"))
    page.keyboard.press("Space")
    press_button(page, "Apply")
    expect(page).to_have_url(re.compile("theme=gender"))
    go_to(page, page.get_by_role("link", name="Skip the filters"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # past all of the facets
    assert page.locator(":focus").get_attribute("name") in {"sort", None}
    page.keyboard.press("Shift+Tab")
    go_to(page, page.get_by_role("link", name="Gauges for keys"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(reference))
    go_to(page, page.get_by_role("link", name="I can help"))
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(reference)
    type_into(page, "Your name", "Amina Okoro")


@pytest.mark.browser_context_args(java_script_enabled=False, reduced_motion="reduce")
@pytest.mark.parametrize("path", FORMS)
def test_a_form_is_filled_in_and_sent_without_javascript(
    page: Page, portal: Portal, path: str
) -> None:
    before = len(portal.outbox(ADDRESS))
    page.goto(f"{portal.url}{path}")
    for name, value in FORMS[path].items():
        go_to(page, page.locator(UNNAMED.get(name, f"main [name={name}]")).first, look=False)
        page.keyboard.press("Space") if value is True else page.keyboard.type(str(value))
    wait_as_people_do(page)
    go_to(page, page.locator(UNNAMED["send"]).last, look=False)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(("/sent/", "/thanks/")))
    expect(page.locator("h1")).to_be_visible()
    assert len(portal.outbox(ADDRESS)) == before + 1


def test_a_subscription_is_confirmed_with_the_keyboard_alone(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.url}/subscribe/")
    type_into(page, "Email address", "amina.confirms@example.org")
    wait_as_people_do(page)
    press_button(page, "Subscribe")
    page.goto(portal.mail("amina.confirms@example.org").address)
    go_to(page, page.locator("main a[href*='/subscribe/confirm/']").first)
    page.keyboard.press("Enter")
    press_button(page, "Confirm")
    expect(page).to_have_url(f"{portal.url}/subscribe/confirmed/")


def test_register_with_the_keyboard_alone(page: Page, portal: Portal, tmp_path: Path) -> None:
    logo, email = tmp_path / "logo.png", "keys@example.org"
    logo.write_bytes(picture().read())
    page.goto(f"{portal.url}/register/")
    go_to(page, page.get_by_label("I am authorised to act for this institution"))
    page.keyboard.press("Space")
    type_into(page, "First Name", "Amara")
    type_into(page, "Last Name", "Diallo")
    type_into(page, "Email address", email)
    for number in range(2):
        go_to(page, page.locator("input[name^=password]").nth(number))
        page.keyboard.type(PASSWORD)
    type_into(page, "Name of institution / organization", "Water Board of the keys")
    type_into(page, "Country / Region", "Senegal")
    type_into(page, "Organization Type", "Ministry")
    type_into(page, "Function / role", "Director")
    # The window that the system opens for a file is none of the page's.
    page.get_by_label("Organization logo").set_input_files(logo)
    wait_as_people_do(page)
    press_button(page, "Register")
    type_into(page, "Code", portal.mail(email, "Your code").code)
    press_button(page, "Go on")
    expect(page.locator("h1")).to_have_text("Welcome, Amara")


def test_a_focus_that_is_not_seen_is_found(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.url}/about/")
    link = page.get_by_role("link", name="Skip to the content")
    link.focus()
    assert link.evaluate(SEEN) == []
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet();"
        "sheet.replaceSync('main { position: fixed; inset: 0; z-index: 9 } * { outline: none !important }');"
        "document.adoptedStyleSheets = [sheet] }"
    )
    assert [fault[:5] for fault in link.evaluate(SEEN)] == ["no ri", "under"]
