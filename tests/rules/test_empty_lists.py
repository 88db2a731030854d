"""The public pages of a portal in which nothing is published yet: for everybody, on any screen."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.rules.test_browser_pages import NARROW, WIDE, rules_broken, sideways

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]

# What each page says where there is nothing, and where it leads then.
EMPTY = {
    "/": ("How it works", "/about/"),
    "/demands/": ("No Demands yet", "/demands/new/"),
    "/organizations/": ("No organizations yet", "/register/"),
    "/organizations/map/": ("No organizations yet", "/register/"),
    "/library/": ("No reports yet", "/connect/"),
    "/search/": ("Type a few words", "/library/"),
}


def wrong_with(page: Page) -> list[str]:
    """What axe-core and the width say, in light and dark, on a desk and on a small telephone."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = rules_broken(page)
    page.emulate_media(color_scheme="dark")
    found += rules_broken(page, rules=["color-contrast"])
    page.set_viewport_size(NARROW)
    found += rules_broken(page, rules=["target-size", "color-contrast"])
    return [*found, "runs over its edge"] if sideways(page) else found


def test_where_nothing_is_published_each_page_says_so_leads_on_and_can_be_used(
    page: Page, live_server: LiveServer
) -> None:
    wrong = {}
    for path, (words, way_on) in EMPTY.items():
        page.goto(live_server.url + path)
        found = wrong_with(page)
        found += [] if words in page.locator("main").inner_text() else ["says nothing"]
        leads = page.locator(f"main a[href='{way_on}']").count()
        if found := found if leads else [*found, "leads nowhere"]:
            wrong[path] = found
    assert wrong == {}
