"""Colleagues in a browser: a mistyped address, an invitation, a shared draft, handing over, leaving."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.steps import Newcomer, fill_in, press
from tests.portal import Portal

PASSWORD = "eleven kites over Kampala"
INSTITUTION = "Kampala Wetlands Office"


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "with JavaScript")


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "wetlands.png"
    Image.new("RGB", (64, 64), "#009edb").save(path, "PNG")
    return path


def fill_in_registration(page: Page, portal: Portal, email: str, logo: Path) -> None:
    newcomer = Newcomer(
        email=email,
        institution=INSTITUTION,
        last_name="Nabirye",
        country="UG",
        kind="Public institution or agency",
        password=PASSWORD,
    )
    page.goto(f"{portal.url}/register/")
    fill_in(page, newcomer)
    page.get_by_label("Organization logo").set_input_files(logo)
    press(page, "Register")


def correct_address(page: Page, portal: Portal, email: str) -> None:
    page.get_by_role("link", name="This is not my address: correct it").click()
    page.get_by_label("Email address").fill(email)
    press(page, "Send a code")
    page.get_by_label("Code").fill(portal.mail(email).code)
    press(page, "Go on")
    expect(page.locator("h1")).to_have_text("Welcome, Amara")


def invite(page: Page, portal: Portal, email: str) -> None:
    page.goto(f"{portal.url}/organization/members/")
    page.get_by_role("link", name="Invite a colleague").click()
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Editor: profile, drafts, submitting").check()
    press(page, "Send the invitation")
    expect(page.locator("main")).to_contain_text(f"The invitation to {email} is on its way.")


def link_in(portal: Portal, email: str) -> str:
    found = re.search(r"http://\S+/invitation/\S+", portal.mail(email, "invites you").text)
    assert found
    return found[0]


def take_up(page: Page, link: str, email: str) -> None:
    page.goto(link)
    expect(page.locator("h1")).to_have_text(INSTITUTION)
    expect(page.locator("main")).to_contain_text(email)
    page.get_by_label("First Name").fill("Brian")
    page.get_by_label("Last Name").fill("Okot")
    page.get_by_label("Function / role").fill("Hydrologist")
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.locator("input[type=password]").last.fill(PASSWORD)
    press(page, "Register and join")
    expect(page.locator("h1")).to_have_text("Welcome, Brian")


def write_draft(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.url}/apply/")
    page.get_by_label("7. Brief description of your institution").fill("We count cranes.")
    press(page, "Save and go on later")


def prove_identity(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Is it you?")
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Go on")
    expect(page.locator("h1")).to_have_text("Hand over to Brian Okot?")


def hand_over_and_leave(owner: Page, portal: Portal) -> None:
    owner.goto(f"{portal.url}/organization/leave/")
    expect(owner.locator("main")).to_contain_text("hand the organization over to a colleague first")
    owner.get_by_role("link", name="Hand over Brian Okot").click()
    prove_identity(owner)
    press(owner, "Hand over")
    expect(owner.locator("main")).to_contain_text("Brian Okot owns the organization now")
    owner.get_by_role("link", name="Leave the organization").click()
    press(owner, "Leave")
    expect(owner.locator("main")).to_contain_text("You do not belong to an organization")


def test_colleague_is_invited_writes_a_draft_and_takes_over(
    portal: Portal, browser: Browser, scripted: bool, logo: Path
) -> None:
    mark = "js" if scripted else "plain"
    owner_email, editor_email = f"amara.{mark}@wetlands.example", f"brian.{mark}@wetlands.example"
    contexts = [browser.new_context(java_script_enabled=scripted) for _ in range(2)]
    owner, editor = (context.new_page() for context in contexts)

    fill_in_registration(owner, portal, f"amara.{mark}@wetlnds.example", logo)
    correct_address(owner, portal, owner_email)
    invite(owner, portal, editor_email)
    link = link_in(portal, editor_email)
    take_up(editor, link, editor_email)
    write_draft(editor, portal)

    owner.goto(f"{portal.url}/dashboard/")
    expect(owner.locator(".todo")).to_contain_text("by Brian Okot")
    owner.goto(f"{portal.url}/apply/")
    expect(owner.get_by_label("7. Brief description of your institution")).to_have_value(
        "We count cranes."
    )

    hand_over_and_leave(owner, portal)

    editor.goto(f"{portal.url}/organization/members/")
    expect(editor.get_by_label("Role of Brian Okot")).to_have_value("owner")
    expect(editor.locator("main")).not_to_contain_text("Amara")
    portal.mail(editor_email, f"Amara Nabirye has left {INSTITUTION}")

    editor.goto(link)
    expect(editor.locator("h1")).to_have_text("This invitation is over")
    for context in contexts:
        context.close()
