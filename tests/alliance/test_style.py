"""The style page in a browser: what the scripts add, and what assistive technology would find."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from alliance.staticfiles import BUNDLES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.usefixtures("contents")


@pytest.fixture
def style_page(page: Page, live_server: LiveServer) -> Page:
    page.goto(f"{live_server.url}/style/")
    return page


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_style_page_fits_and_axe_finds_nothing(
    page: Page, live_server: LiveServer, width: int, scheme: Literal["dark", "light"]
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/style/")
    # The page scrolls to its summary of errors; measured meanwhile, parts lie over each other.
    expect(page.locator(".errors")).to_be_focused()
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["target"]) for violation in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_style_page_loads_under_the_policy_without_complaint(
    page: Page, live_server: LiveServer
) -> None:
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/style/")
    assert complaints == []


def test_reading_goes_on_at_the_summary_of_errors(style_page: Page) -> None:
    expect(style_page.locator(".errors")).to_be_focused()
    style_page.get_by_role("link", name="4. SDG: Please choose at least one.").click()
    expect(style_page.locator("#id_wrong-goals_0")).to_be_in_viewport()


def test_words_count_down_while_typing(style_page: Page) -> None:
    message = style_page.locator("#id_message")
    count = style_page.locator("#id_message-count")
    message.fill("one two 南南")
    expect(count).to_have_text("4 of 5 words1 left")
    message.fill("one two three four five six")
    expect(count).to_have_text("6 of 5 words1 too many")
    expect(count).to_have_class("count over")


def test_choices_count_down_and_nothing_is_locked(style_page: Page) -> None:
    count = style_page.locator("#id_themes-count")
    expect(count).to_have_text("2 of 3 chosen1 left")
    first = style_page.get_by_role("group", name="A. Thematic Areas (select up to three)").first
    first.get_by_label("Energy").check()
    first.get_by_label("Education and skills").check()
    expect(count).to_have_text("4 of 3 chosen1 too many")


def test_a_long_list_shows_what_is_looked_for_and_what_is_chosen(style_page: Page) -> None:
    group = style_page.get_by_role("group", name="Countries").first
    boxes = group.get_by_role("checkbox")
    expect(boxes).to_have_count(4)
    group.get_by_label("Kenya").check()
    expect(group.get_by_role("status")).to_have_text("Chosen: Kenya")
    search = group.get_by_label("Find in this list")
    search.fill("COTE")
    expect(boxes).to_have_count(2)
    expect(group.get_by_label("Côte d'Ivoire")).to_be_visible()
    expect(group.get_by_label("Kenya")).to_be_checked()
    search.press("Enter")
    search.fill("atlantis")
    said = "Nothing in the list has “atlantis” in its name."
    expect(group.get_by_role("status")).to_have_text(said)
    search.fill("")
    expect(boxes).to_have_count(4)


def test_without_scripts_a_long_list_is_a_plain_list(
    browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/style/")
    group = page.get_by_role("group", name="Countries").first
    expect(group.get_by_role("checkbox")).to_have_count(4)
    expect(group.get_by_label("Find in this list")).to_have_count(1)
    expect(group.get_by_label("Find in this list")).to_be_hidden()
    context.close()


def test_text_of_other_is_asked_for_once_other_is_chosen(style_page: Page) -> None:
    text = style_page.locator("#id_kind_other")
    expect(text).to_be_hidden()
    style_page.locator("#id_kind").select_option("other")
    expect(text).to_be_visible()
    expect(style_page.locator("#id_wrong-kind_other")).to_be_visible()


def test_password_is_shown_and_hidden_again(style_page: Page) -> None:
    password = style_page.locator("#id_password")
    password.fill("a long sentence")
    style_page.get_by_role("button", name="Show password").first.click()
    expect(password).to_have_attribute("type", "text")
    style_page.get_by_role("button", name="Hide password").click()
    expect(password).to_have_attribute("type", "password")


def test_double_click_sends_once(style_page: Page) -> None:
    # Counts what would leave the page, and keeps it here.
    style_page.evaluate(
        """() => {
            window.sent = 0;
            addEventListener("submit", (event) => {
                window.sent += event.defaultPrevented ? 0 : 1;
                event.preventDefault();
            });
        }"""
    )
    button = style_page.get_by_role("button", name="Check and submit").first
    button.dblclick()
    expect(button).to_have_attribute("aria-busy", "true")
    assert style_page.evaluate("window.sent") == 1


def test_page_of_a_form_asks_for_few_files(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(live_server.url)))
    page.goto(f"{live_server.url}/style/")
    ours = [address for address in asked if address.startswith("/static/")]
    # These belong to the pages where one writes drafts, and to the admin.
    elsewhere = {"js/draft.js", "css/secretariat.css"}
    bundles = {f"/static/{name}" for name in BUNDLES.keys() - elsewhere}
    assert bundles <= set(ours)
    assert len(asked) <= 6


def test_style_page_is_whole_without_scripts(client: Client) -> None:
    html = client.get("/style/").content.decode()
    assert html.count('name="kind_other"') == 1
    assert "2 of 5 words" in html
    assert "7 of 5 words" in html
