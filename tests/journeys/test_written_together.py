"""Two people write one form: what either typed is kept, and where both did, a person decides."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.steps import press
from tests.journeys.test_typed_survives import DESCRIPTION, OUTCOMES, saved_by_itself
from tests.portal import MEMBER, Portal

ADDITIONAL = "Please provide any additional information"
Device = Callable[[], BrowserContext]


@pytest.fixture
def device(portal: Portal, browser: Browser) -> Iterator[Device]:
    """Makes devices at which somebody of the demo organization is logged in."""
    contexts = []

    def make() -> BrowserContext:
        context = browser.new_context()
        contexts.append(context)
        portal.log_in(context.new_page(), MEMBER)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def shared(portal: Portal, device: Device) -> tuple[BrowserContext, BrowserContext, str]:
    """Two devices and the address of a draft; the first one has typed on without a line."""
    mine, theirs = device(), device()
    page = mine.new_page()
    page.goto(f"{portal.url}/demands/new/")
    page.get_by_label(DESCRIPTION).fill("Both know this.")
    saved_by_itself(page)
    address = page.url
    mine.set_offline(True)
    page.get_by_label(ADDITIONAL).fill("Typed in a tunnel.")
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection", timeout=15_000)
    page.close()
    mine.set_offline(False)
    return mine, theirs, address


def write(context: BrowserContext, address: str, label: str, text: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.get_by_label(label).fill(text)
    saved_by_itself(page)
    return page


def test_what_is_brought_back_replaces_nothing_that_a_colleague_wrote(
    shared: tuple[BrowserContext, BrowserContext, str],
) -> None:
    mine, theirs, address = shared
    write(theirs, address, OUTCOMES, "Theirs, of an hour.")
    page = mine.new_page()
    page.goto(address)
    press(page, "Bring it back")
    expect(page.get_by_label(ADDITIONAL)).to_have_value("Typed in a tunnel.")
    expect(page.get_by_label(OUTCOMES)).to_have_value("Theirs, of an hour.")
    saved_by_itself(page)
    page.reload()
    expect(page.get_by_label(ADDITIONAL)).to_have_value("Typed in a tunnel.")
    expect(page.get_by_label(OUTCOMES)).to_have_value("Theirs, of an hour.")


def test_what_both_wrote_is_not_saved_by_itself(
    shared: tuple[BrowserContext, BrowserContext, str],
) -> None:
    mine, theirs, address = shared
    write(theirs, address, ADDITIONAL, "Theirs, of an hour.")
    page = mine.new_page()
    page.goto(address)
    press(page, "Bring it back")
    expect(page.locator("#saved")).to_contain_text("Yours is not saved", timeout=15_000)
    expect(page.get_by_label(ADDITIONAL)).to_have_value("Typed in a tunnel.")
    again = theirs.new_page()
    again.goto(address)
    expect(again.get_by_label(ADDITIONAL)).to_have_value("Theirs, of an hour.")
