"""What journeys do again and again: press a button, register, apply, clear."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from organizations.spam import SHORTEST_TIME
from tests.organizations.registering import picture

PASSWORD = "the long road to Mzuzu"
PLUG_IN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Who registers, as they type it into the form."""

    email: str
    institution: str
    first_name: str = "Amara"
    last_name: str = "Diallo"
    country: str = "SN"
    kind: str = "Ministry or government department"
    function: str = "Director"
    password: str = PASSWORD


def fill_in(page: Page, newcomer: Newcomer) -> None:
    """All that the registration form asks, but for the logo; no faster than a person."""
    page.get_by_label("I am authorised to act for this institution").check()
    page.get_by_label("First Name").fill(newcomer.first_name)
    page.get_by_label("Last Name").fill(newcomer.last_name)
    page.get_by_label("Email address").fill(newcomer.email)
    page.locator("input[type=password]").first.fill(newcomer.password)
    page.locator("input[type=password]").last.fill(newcomer.password)
    page.get_by_label("Name of institution / organization").fill(newcomer.institution)
    page.get_by_label("Country / Region").select_option(newcomer.country)
    page.get_by_label("Organization Type").select_option(label=newcomer.kind)
    page.get_by_label("Function / role").fill(newcomer.function)
    page.wait_for_timeout(SHORTEST_TIME / timedelta(milliseconds=1))


def fill_registration(page: Page, url: str, email: str, folder: Path) -> None:
    """The registration form, all but its button; the logo is written into `folder`."""
    logo = folder / "logo.png"
    logo.write_bytes(picture().read())
    page.goto(f"{url}/register/")
    fill_in(page, Newcomer(email=email, institution=f"Water Board of {email}"))
    page.get_by_label("Organization logo").set_input_files(logo)


def fill_application(page: Page, url: str) -> None:
    """What the application form asks beyond the profile, up to the page that checks it."""
    page.goto(f"{url}/apply/")
    page.get_by_label("Climate Action").check()
    page.get_by_label("6. Website").fill("example.org")
    page.get_by_label("7. Brief description of your institution").fill("We teach.")
    page.get_by_label("Join the network and stay informed").check()
    boxes = page.locator("input[type=checkbox][name^=confirm_]:visible")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    press(page, "Check and submit")


def plug_authenticator_in(page: Page) -> None:
    """Let Chromium play a device that makes passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PLUG_IN})


def begin_checks(page: Page) -> None:
    """On the page of a due diligence: start it, and answer every check with yes."""
    take_step(page, "Start screening")
    take_step(page, "Start the review")
    answers = page.locator("select[name^=answer_]")
    for number in range(answers.count()):
        answers.nth(number).select_option("yes")
    press(page, "Keep the answers")


def clear(page: Page) -> None:
    """There, too, once the worker has compared the names; the page shows it when loaded again."""
    missing = page.locator("p:has-text('Before it can be cleared:') + ul.missing li")
    deadline = time.monotonic() + 60
    while missing.count() and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.reload()
    assert missing.all_inner_texts() == [], page.url
    take_step(page, "Clear", "A public institution, known to the country office.")
    expect(page.locator("h2.sub .pill").first).to_have_text("Cleared")


def take_step(page: Page, name: str, reason: str = "") -> None:
    page.get_by_label("Step", exact=True).select_option(label=name)
    page.locator("#id_step_reason").fill(reason)
    press(page, "Take this step")
