"""The portal's main job in a browser, from registration to a downloaded report."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.steps import Newcomer, begin_checks, clear, fill_in, press
from tests.portal import REVIEWER, SENIOR, Portal

PASSWORD = "the long road to Mzuzu"
INSTITUTION = "Mzuzu Centre for Water Education"


@pytest.fixture(scope="session")
def large_logo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real PNG of at least 3 MB: noise does not compress."""
    noise = random.Random(1).randbytes(1100 * 1000 * 3)
    picture = io.BytesIO()
    Image.frombytes("RGB", (1100, 1000), noise).save(picture, "PNG")
    path = tmp_path_factory.mktemp("logo") / "mzuzu-water.png"
    path.write_bytes(picture.getvalue())
    assert path.stat().st_size > 3 * 2**20
    return path


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param == "with JavaScript")
    yield context.new_page()
    context.close()


def confirm_every_statement(page: Page) -> None:
    boxes = page.locator("input[type=checkbox][name^=confirm_]:visible")
    for number in range(boxes.count()):
        boxes.nth(number).check()


def state_of(page: Page) -> Locator:
    return page.locator("main table .pill").first


def register(page: Page, portal: Portal, email: str, logo: Path) -> None:
    newcomer = Newcomer(
        email=email,
        institution=INSTITUTION,
        first_name="Tiwonge",
        last_name="Gondwe",
        country="MW",
        password=PASSWORD,
    )
    page.goto(f"{portal.url}/register/")
    fill_in(page, newcomer)
    page.get_by_label("Organization logo").set_input_files(logo)
    press(page, "Register")
    # With a script the button waits until the logo has been sent.
    expect(page.locator("h1")).to_have_text("Confirm your email address", timeout=30_000)


def test_register_apply_be_approved_and_read(
    portal: Portal,
    visitor: Page,
    browser: Browser,
    large_logo: Path,
    request: pytest.FixtureRequest,
) -> None:
    page = visitor
    email = f"tiwonge.{abs(hash(request.node.name)) % 10**6}@example.org"

    register(page, portal, email, large_logo)
    page.goto(f"{portal.url}/dashboard/")
    expect(page.locator("h1")).to_have_text("Confirm your email address")
    page.get_by_label("Code").fill(portal.mail(email).code)
    press(page, "Go on")
    expect(page.locator("h1")).to_have_text("Welcome, Tiwonge")

    reference = apply(page, portal)
    assert reference in portal.mail(email, "received your application").text
    page.goto(f"{portal.url}/dashboard/")
    expect(state_of(page)).to_have_text("Received")
    page.goto(f"{portal.url}/organization/edit/")
    page.get_by_label("Head of the institution").fill("Mercy Gondwe")
    press(page, "Save")

    decide(portal, browser, reference)

    page.goto(f"{portal.url}/dashboard/")
    expect(state_of(page)).to_have_text("Approved")
    letter = portal.mail(email, "decision").text
    assert f"Expression of Interest of {INSTITUTION} ({reference}) has been approved" in letter
    page.get_by_role("link", name="Expression of Interest", exact=True).click()
    expect(page.get_by_text("has been approved.")).to_be_visible()


def apply(page: Page, portal: Portal) -> str:
    """Fill the application form in, check it, send it; returns the reference number."""
    page.goto(f"{portal.url}/apply/")
    expect(page.get_by_label("1. Official name of organization")).to_have_value(INSTITUTION)
    page.get_by_label("Climate Action").check()
    page.get_by_label("6. Website").fill("mzuzuwater.example")
    description = page.get_by_label("7. Brief description of your institution")
    description.fill("water " * 151)
    page.get_by_label("Join the network and stay informed").check()
    confirm_every_statement(page)
    press(page, "Check and submit")
    errors = page.get_by_role("alert")
    expect(errors).to_contain_text("Please shorten this by 1 word.")
    expect(page.get_by_label("6. Website")).to_have_value("mzuzuwater.example")
    expect(page.get_by_label("Climate Action")).to_be_checked()
    description.fill("We teach those who teach about water.")
    press(page, "Check and submit")
    expect(page.locator("h1")).to_have_text("Check your answers")
    prove_identity(page)
    press(page, "Submit")
    expect(page.locator("h1")).to_have_text("We have received your application")
    return page.locator("main .num").inner_text()


def prove_identity(page: Page) -> None:
    """The authentication step before submission: the password once more, then back again."""
    press(page, "Confirm who I am, then submit")
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Go on")
    expect(page.locator("h1")).to_have_text("Check your answers")


def decide(portal: Portal, browser: Browser, reference: str) -> None:
    """A reviewer works the case, a senior reviewer approves it, both with a second factor."""
    context = browser.new_context()
    page = context.new_page()
    portal.log_in(page, REVIEWER)
    open_case(page, portal, reference)
    expect(page.get_by_text("We teach those who teach about water.")).to_be_visible()
    for step in ("Start the review", "Eligible: go on to due diligence", "Put up for decision"):
        press(page, step)
    clear_organization(page, portal, reference)
    context.close()

    context = browser.new_context()
    page = context.new_page()
    portal.log_in(page, SENIOR)
    open_case(page, portal, reference)
    page.get_by_label("Decision", exact=True).select_option(label="Approve")
    page.get_by_label("Reason", exact=True).first.select_option(label="Meets the criteria")
    page.get_by_label("Explanation for the file").fill("Teaches teachers; a clear need.")
    press(page, "Keep as pending decision")
    expect(page.get_by_label("Letter to the applicant")).to_have_value(
        f"Dear Tiwonge Gondwe,\n\nWe are glad to tell you that the Expression of Interest of "
        f"{INSTITUTION} ({reference}) has been approved.\n\nYou can now take part in the activities "
        f"of the Alliance. Taking part is voluntary and non-binding; it confers no funding, contract "
        f"or institutional membership.\n\nThe Alliance Secretariat"
    )
    press(page, "Go on to publishing")
    press(page, "Publish and send the letter")
    expect(page.locator("h2.sub .pill").first).to_have_text("Approved")
    context.close()


def open_case(page: Page, portal: Portal, reference: str) -> None:
    page.goto(f"{portal.url}/admin/submissions/submission/?queue=all&q={reference}")
    page.get_by_role("link", name=reference).click()


def clear_organization(page: Page, portal: Portal, reference: str) -> None:
    """Work through the organization's checks and walk its due diligence to the end."""
    page.get_by_role("link", name="Checks, hits and steps").click()
    begin_checks(page)
    clear(page)


def test_a_visitor_reads_report_b_and_downloads_its_pdf(portal: Portal, visitor: Page) -> None:
    page = visitor
    page.goto(portal.url)
    page.locator("header").get_by_role("link", name="Library", exact=True).click()
    page.get_by_role("link", name="Study of Government Institutions Exchange of Staff").click()
    expect(page.locator("h1")).to_contain_text(
        "Study of Government Institutions Exchange of Staff (Norec, 2019)"
    )
    expect(
        page.get_by_role("heading", name="From one person to a whole institution")
    ).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF.").click()
    saved = Path(download.value.path()).read_bytes()
    assert saved.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in saved


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG, JPEG or WebP"),
        ("logo.png", b"MZ\x90\x00" + b"\0" * 2000, "This file is a program, not a picture."),
        ("logo.png", None, "This file is too large. Maximum file size: 20 MB."),
    ],
    ids=["an SVG", "a renamed program", "20 MB and one byte"],
)
def test_a_file_that_is_no_logo_is_refused_beside_its_field_and_nothing_else_is_lost(
    portal: Portal,
    page: Page,
    tmp_path: Path,
    large_logo: Path,
    name: str,
    content: bytes | None,
    message: str,
) -> None:
    content = content or large_logo.read_bytes().ljust(20 * 2**20 + 1, b"\0")
    portal.log_in(page, "member@example.org")
    page.goto(f"{portal.url}/apply/")
    page.get_by_label("Name for the co-lead").fill("Half a co-lead")
    (tmp_path / name).write_bytes(content)
    page.locator("input[type=file]").set_input_files(tmp_path / name)
    press(page, "Check and submit")
    field = page.locator(".field", has=page.locator("input[type=file]"))
    expect(field.locator(".error").first).to_contain_text(message)
    expect(page.get_by_label("Name for the co-lead")).to_have_value("Half a co-lead")
    expect(page.get_by_role("alert")).to_contain_text(
        "Give all three details of the co-lead, or leave all three empty."
    )


def test_a_double_click_on_submit_sends_one_application(
    portal: Portal, page: Page, large_logo: Path
) -> None:
    email = "double.click@example.org"
    register(page, portal, email, large_logo)
    page.get_by_label("Code").fill(portal.mail(email).code)
    press(page, "Go on")
    page.goto(f"{portal.url}/apply/")
    page.get_by_label("Climate Action").check()
    page.get_by_label("6. Website").fill("example.org")
    page.get_by_label("7. Brief description of your institution").fill("We teach.")
    page.get_by_label("Join the network and stay informed").check()
    confirm_every_statement(page)
    press(page, "Check and submit")
    prove_identity(page)
    page.locator("main").get_by_role("button", name="Submit", exact=True).dblclick()
    expect(page.locator("h1")).to_have_text("We have received your application")
    portal.mail(email, "received your application")
    received = [mail for mail in portal.outbox(email) if "received your" in mail.subject]
    assert len(received) == 1
