"""What somebody typed survives: a mistake, the end of the login, a lost line, a restart."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.alliance.files import paper_samples
from tests.journeys.steps import press
from tests.portal import MEMBER, Portal

DESCRIPTION = "Please briefly describe the challenge"
OUTCOMES = "Please indicate the main results"
SAVED = re.compile(r"^Saved \d\d:\d\d$")
BACK = "Here is what you typed before your login ended. Nothing was sent or saved yet."


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "map.pdf"
    path.write_bytes(paper_samples.pdf())
    return path


@pytest.fixture
def member(portal: Portal, page: Page) -> Page:
    """A member of the demo organization, at a new Demand."""
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/demands/new/")
    return page


@pytest.fixture
def plain(portal: Portal, browser: Browser) -> Iterator[Page]:
    """The same without scripts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/demands/new/")
    yield page
    context.close()


def saved_by_itself(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(SAVED, timeout=15_000)


def kept_here(page: Page) -> list[str]:
    """What the browser keeps of drafts."""
    kept: list[str] = page.evaluate(
        "Object.keys(localStorage).filter(key => key.startsWith('draft'))"
    )
    return kept


def end_login(portal: Portal, context: BrowserContext) -> None:
    """As after an hour without a sign of life: the browser still has its cookie."""
    [key] = [
        cookie["value"]
        for cookie in context.cookies(portal.url)
        if cookie["name"].startswith("alliance_session")
    ]
    portal.run(
        "from django.contrib.sessions.models import Session\n"
        f"assert Session.objects.filter(pk={key!r}).delete()[0]"
    )


def test_a_mistake_costs_neither_text_nor_file(member: Page, paper: Path) -> None:
    page = member
    page.get_by_label(DESCRIPTION).fill("We read river gauges by hand.")
    for theme in ("Youth", "Climate action", "Health and well-being", "Gender equality"):
        page.get_by_label(theme).check()
    page.locator("input[type=file]").set_input_files(paper)
    press(page, "Check and submit")
    expect(page.get_by_role("alert").first).to_contain_text("please take back 1")
    expect(page.get_by_label(DESCRIPTION)).to_have_value("We read river gauges by hand.")
    expect(page.get_by_label("Gender equality")).to_be_checked()
    expect(page.locator("[data-documents]")).to_contain_text("map.pdf")


def test_the_same_without_scripts(plain: Page, paper: Path) -> None:
    page = plain
    page.get_by_label(DESCRIPTION).fill("We read river gauges by hand.")
    page.locator("input[type=file]").set_input_files(paper)
    press(page, "Check and submit")
    expect(page.get_by_role("alert").first).to_contain_text("Choose at least one answer.")
    expect(page.get_by_label(DESCRIPTION)).to_have_value("We read river gauges by hand.")
    expect(page.locator("[data-documents]")).to_contain_text("map.pdf")


def test_the_end_of_the_login_costs_nothing(portal: Portal, member: Page, paper: Path) -> None:
    page = member
    page.get_by_label(DESCRIPTION).fill("Typed while the login lasted.")
    page.locator("input[type=file]").set_input_files(paper)
    expect(page.locator("[data-documents]")).to_contain_text("map.pdf", timeout=20_000)
    end_login(portal, page.context)
    page.get_by_label(OUTCOMES).fill("Typed after it had ended.")
    expect(page.locator("#saved")).to_contain_text("your login has ended", timeout=15_000)
    press(page, "Save and go on later")
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    portal_login(portal, page)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label(DESCRIPTION)).to_have_value("Typed while the login lasted.")
    expect(page.get_by_label(OUTCOMES)).to_have_value("Typed after it had ended.")
    expect(page.locator("[data-documents]")).to_contain_text("map.pdf")
    saved_by_itself(page)


def test_nor_without_scripts(portal: Portal, plain: Page) -> None:
    page = plain
    page.get_by_label(DESCRIPTION).fill("Typed on a plain page.")
    end_login(portal, page.context)
    press(page, "Save and go on later")
    portal_login(portal, page)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label(DESCRIPTION)).to_have_value("Typed on a plain page.")
    press(page, "Save and go on later")
    expect(page.get_by_text("Saved. You can go on at any time.")).to_be_visible()


def portal_login(portal: Portal, page: Page) -> None:
    page.get_by_label("Login / email").fill(MEMBER)
    page.get_by_label("Password", exact=False).first.fill(portal.password)
    page.get_by_role("button", name="Login", exact=True).click()


def test_logging_out_saves_first_and_leaves_nothing_behind(portal: Portal, member: Page) -> None:
    page = member
    page.get_by_label(DESCRIPTION).fill("Typed just before leaving.")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert kept_here(page) == []
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/drafts/")
    page.get_by_role("link", name="Typed just before leaving").first.click()
    expect(page.get_by_label(DESCRIPTION)).to_have_value("Typed just before leaving.")


def test_logging_out_on_a_lost_line_is_asked_twice_and_leaves_nothing_behind(
    portal: Portal, member: Page
) -> None:
    page = member
    page.route("**/autosave/", lambda route: route.abort())
    page.get_by_label(DESCRIPTION).fill("Typed on a shared computer.")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#saved")).to_contain_text("If you press the button once more")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert kept_here(page) == []


def test_logging_out_waits_for_the_saving_under_way(portal: Portal, member: Page) -> None:
    page = member
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/autosave/", hold, times=1)
    page.get_by_label(DESCRIPTION).fill("Typed in two goes,")
    while not held:
        page.wait_for_timeout(100)
    page.get_by_label(DESCRIPTION).fill("Typed in two goes, the second while it was saved.")
    page.get_by_role("button", name="Log out").click()
    held[0].continue_()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert kept_here(page) == []
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/drafts/")
    expect(
        page.get_by_role("link", name="Typed in two goes, the second while").first
    ).to_be_visible()


def test_a_lost_line_and_a_closed_tab_cost_nothing(member: Page) -> None:
    page = member
    page.get_by_label(DESCRIPTION).fill("Typed on a good line.")
    saved_by_itself(page)
    address = page.url
    context = page.context
    context.set_offline(True)
    page.get_by_label(OUTCOMES).fill("Typed in a tunnel.")
    page.get_by_label("Africa", exact=False).first.check()
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection", timeout=15_000)
    assert len(kept_here(page)) == 1
    page.close()

    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("Some of what you typed has not reached us")).to_be_visible()
    expect(page.get_by_label(OUTCOMES)).to_have_value("")
    press(page, "Bring it back")
    expect(page.get_by_label(OUTCOMES)).to_have_value("Typed in a tunnel.")
    expect(page.get_by_label("Africa", exact=False).first).to_be_checked()
    saved_by_itself(page)
    assert kept_here(page) == []
    page.reload()
    expect(page.get_by_label(OUTCOMES)).to_have_value("Typed in a tunnel.")


def test_a_form_that_never_reached_us_is_offered_too(portal: Portal, member: Page) -> None:
    page = member
    context = page.context
    context.set_offline(True)
    page.get_by_label(DESCRIPTION).fill("Never sent.")
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection", timeout=15_000)
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{portal.url}/demands/new/")
    press(page, "Bring it back")
    expect(page.get_by_label(DESCRIPTION)).to_have_value("Never sent.")
    saved_by_itself(page)


def test_what_somebody_saved_meanwhile_is_never_replaced_by_itself(member: Page) -> None:
    mine = member
    mine.get_by_label(DESCRIPTION).fill("The first words.")
    saved_by_itself(mine)
    theirs = mine.context.new_page()
    theirs.goto(mine.url)
    theirs.get_by_label(OUTCOMES).fill("From the other window.")
    saved_by_itself(theirs)
    mine.get_by_label(OUTCOMES).fill("From this window.")
    expect(mine.locator("#saved")).to_contain_text("Yours is not saved", timeout=15_000)
    press(mine, "Save and go on later")
    expect(mine.get_by_role("heading", name="saved a newer version at")).to_be_visible()
    expect(mine.get_by_label(OUTCOMES)).to_have_value("From this window.")
    theirs.reload()
    expect(theirs.get_by_label(OUTCOMES)).to_have_value("From the other window.")
    mine.get_by_role("alert").get_by_role("button", name="Keep mine").click()
    expect(mine.get_by_text("Saved. You can go on at any time.")).to_be_visible()
    expect(mine.get_by_label(OUTCOMES)).to_have_value("From this window.")


def test_an_answer_that_got_lost_is_no_conflict(member: Page) -> None:
    """The portal saved it, but the line broke before it could say so."""
    page = member
    page.get_by_label(DESCRIPTION).fill("One.")
    saved_by_itself(page)
    lost = []

    def lose(route: Route) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/submissions/autosave/", lose, times=1)
    page.get_by_label(DESCRIPTION).fill("One, two.")
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection", timeout=15_000)
    assert len(lost) == 1
    page.get_by_label(DESCRIPTION).fill("One, two, three.")
    saved_by_itself(page)
    page.reload()
    expect(page.get_by_label(DESCRIPTION)).to_have_value("One, two, three.")


def test_a_restart_of_the_portal_costs_nothing(portal: Portal, member: Page, paper: Path) -> None:
    page = member
    page.get_by_label(DESCRIPTION).fill("Typed before the restart.")
    page.locator("input[type=file]").set_input_files(paper)
    expect(page.locator("[data-documents]")).to_contain_text("map.pdf", timeout=20_000)
    portal.stop()
    page.get_by_label(OUTCOMES).fill("Typed while nobody was there.")
    expect(page.locator("#saved")).to_contain_text("Not saved", timeout=15_000)
    portal.start()
    portal.wait_until_ready()
    expect(page.locator("#saved")).to_have_text(SAVED, timeout=60_000)
    page.reload()
    expect(page.get_by_label(DESCRIPTION)).to_have_value("Typed before the restart.")
    expect(page.get_by_label(OUTCOMES)).to_have_value("Typed while nobody was there.")
    expect(page.locator(".files li")).to_have_count(1)
    expect(page.locator(".files li")).to_contain_text("map.pdf")
