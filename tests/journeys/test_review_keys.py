"""Single keys on the review page: they lead about, never while somebody types, and can be off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.portal import SENIOR, Portal

_CASE = """
from tests import factories
place = factories.organization(name="Institute of Single Keys")
print(factories.demand(factories.member(place, "owner", email="single-keys@example.org")).pk)
"""


@pytest.fixture(scope="module")
def path(portal: Portal) -> str:
    return f"/admin/submissions/submission/{portal.run(_CASE).split()[-1]}/change/"


@pytest.fixture(scope="module")
def desk(portal: Portal, browser: Browser) -> Iterator[BrowserContext]:
    """A browser of the secretariat's: a code of the second factor opens it once."""
    context = browser.new_context()
    portal.log_in(context.new_page(), SENIOR)
    yield context
    context.close()


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    """A tab in which the keys are on, as they are at first."""
    page = desk.new_page()
    yield page
    page.evaluate("() => localStorage.clear()")
    page.close()


def test_keys_lead_about_and_type_where_somebody_types(
    portal: Portal, page: Page, path: str
) -> None:
    page.goto(f"{portal.url}{path}")
    note = page.get_by_label("Note", exact=True)
    page.keyboard.press("n")
    expect(note).to_be_focused()
    page.keyboard.type("jku?")
    expect(note).to_have_value("jku?")
    assert page.url.endswith(path)
    note.evaluate("field => field.blur()")
    page.keyboard.press("Control+u")
    assert page.url.endswith(path)
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text("Review queue")


def test_keys_that_are_turned_off_stay_off(portal: Portal, page: Page, path: str) -> None:
    page.goto(f"{portal.url}{path}")
    page.keyboard.press("?")
    box = page.get_by_label("Use single keys on this page")
    expect(box).to_be_checked()
    box.uncheck()
    for _visit in range(2):
        page.locator("body").evaluate("() => document.activeElement.blur()")
        page.keyboard.press("u")
        expect(page.locator("h1")).not_to_have_text("Review queue")
        assert page.url.endswith(path)
        page.reload()
