"""Back in the browser, from the check page and the receipt: one draft, and nothing sent twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.steps import press
from tests.portal import MEMBER, Portal

DESCRIPTION = "Please briefly describe the challenge"
OUTCOMES = "Please indicate the main results"


@pytest.fixture(params=[True, False], ids=["scripted", "plain"])
def member(request: pytest.FixtureRequest, portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param, reduced_motion="reduce")
    page = context.new_page()
    portal.log_in(page, MEMBER)
    yield page
    context.close()


def fill_in(page: Page) -> None:
    for name, value in (
        ("support", "peer-learning"),
        ("themes", "climate"),
        ("geography", "africa"),
        ("modalities", "study-visit"),
    ):
        page.locator(f"input[name={name}][value={value}]").check()
    page.get_by_label(DESCRIPTION).fill("We read river gauges by hand.")
    page.get_by_label(OUTCOMES).fill("A warning in time.")


def test_back_from_the_check_page_the_same_draft_is_open(portal: Portal, member: Page) -> None:
    page = member
    page.goto(f"{portal.url}/demands/new/")
    fill_in(page)
    press(page, "Check and submit")
    expect(page.locator("h1")).to_have_text("Check your answers")
    check = page.url
    page.go_back()
    expect(page.get_by_label(DESCRIPTION)).to_have_value("We read river gauges by hand.")
    page.get_by_label(OUTCOMES).fill("A warning within an hour.")
    press(page, "Check and submit")
    expect(page.locator("h1")).to_have_text("Check your answers")
    assert page.url == check
    expect(page.locator("main")).to_contain_text("A warning within an hour.")


def test_back_from_the_check_page_passes_over_mistakes_that_were_mended(
    portal: Portal, member: Page
) -> None:
    page = member
    page.goto(f"{portal.url}/demands/new/")
    fill_in(page)
    page.get_by_label(OUTCOMES).fill("")
    press(page, "Check and submit")
    expect(page.locator(".errors")).to_contain_text("main results")
    page.get_by_label(OUTCOMES).fill("A warning in time.")
    press(page, "Check and submit")
    expect(page.locator("h1")).to_have_text("Check your answers")
    # The page of the mistakes was asked for, not posted: no browser asks to send anything again.
    page.go_back()
    expect(page.get_by_label(OUTCOMES)).to_have_value("A warning in time.")


def test_back_from_the_receipt_nothing_is_sent_again(portal: Portal, member: Page) -> None:
    page = member
    page.goto(f"{portal.url}/demands/new/")
    fill_in(page)
    press(page, "Check and submit")
    press(page, "Submit")
    number = page.locator("main strong.num").inner_text()
    page.go_back()
    expect(page.locator("main strong.num")).to_have_text(number)
