"""A large logo on a bad line, in a browser: sent in parts ahead of the form, and never twice."""

import io
import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Request, expect

from tests.alliance.files.samples import png_chunk
from tests.journeys.steps import Newcomer, fill_in, press
from tests.portal import MEMBER, Portal

pytestmark = pytest.mark.browser_context_args(reduced_motion="reduce")

MB = 2**20
PASSWORD = "the long road to Mzuzu"
SLOW = 2 * MB  # bytes a second


def padded_picture(size: int) -> bytes:
    """A sound PNG of that many bytes, most of them in a part that no decoder needs."""
    pixels = random.Random(1).randbytes(300 * 200 * 3)
    picture = io.BytesIO()
    Image.frombytes("RGB", (300, 200), pixels).save(picture, "PNG")
    plain = picture.getvalue()
    padding = os.urandom(size - len(plain) - 12)
    return plain[:33] + png_chunk(b"pADd", padding) + plain[33:]


@pytest.fixture(scope="module")
def large_logo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("logo") / "emblem.png"
    path.write_bytes(padded_picture(30 * MB))
    return path


class Line:
    """The line of a page's browser, of so many bytes a second; it can be cut."""

    def __init__(self, page: Page, speed: int = SLOW) -> None:
        self.speed = speed
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self.mend()

    def cut(self) -> None:
        self._emulate(offline=True)

    def mend(self) -> None:
        self._emulate(offline=False)

    def _emulate(self, *, offline: bool) -> None:
        conditions = {"latency": 20, "downloadThroughput": -1, "uploadThroughput": self.speed}
        self._session.send("Network.emulateNetworkConditions", {"offline": offline, **conditions})


def logo_of(page: Page) -> Locator:
    return page.locator(".field", has=page.locator("input[type=file]"))


def bar(page: Page) -> Locator:
    return logo_of(page).get_by_role("progressbar", name="Uploading emblem.png")


def percent(page: Page) -> float:
    return float(bar(page).evaluate("bar => bar.value"))


def wait_for_percent(page: Page, least: float) -> None:
    page.wait_for_function(
        "least => document.querySelector('.files progress')?.value >= least", arg=least
    )


def newcomer(email: str) -> Newcomer:
    return Newcomer(
        email=email,
        institution="Mzuzu Centre for Water",
        first_name="Tiwonge",
        last_name="Gondwe",
        country="MW",
        password=PASSWORD,
    )


def bytes_sent(page: Page) -> Callable[[], int]:
    """How many bytes of files the page has sent so far, whatever became of them."""
    sent: list[int] = []

    def note(request: Request) -> None:
        if request.url.endswith("/append/"):
            sent.append(len(request.post_data_buffer or b""))

    page.on("request", note)
    return lambda: sum(sent)


def parts(portal: Portal) -> list[Path]:
    """What the portal holds of files on their way."""
    return sorted((portal.data / "staging").glob("*.part"))


def interrupted(page: Page, line: Line) -> float:
    """Cut the line and mend it; returns how many percent had arrived in between."""
    line.cut()
    expect(logo_of(page).get_by_role("status")).to_have_text(
        "The connection is lost. It goes on by itself as soon as the connection is back."
    )
    so_far = percent(page)
    assert 10 <= so_far < 90
    line.mend()
    wait_for_percent(page, so_far + 5)
    return so_far


def test_logo_survives_a_lost_line_a_reload_and_a_wrong_answer(
    portal: Portal, page: Page, large_logo: Path
) -> None:
    page.goto(f"{portal.url}/register/")
    sent = bytes_sent(page)
    before = parts(portal)
    line = Line(page)
    page.get_by_label("Organization logo").set_input_files(large_logo)
    expect(logo_of(page).locator("small")).to_have_text(
        re.compile(r"^\d+\.\d\sMB of 30\.0\sMB, about \d0 seconds left$")
    )
    wait_for_percent(page, 10)

    so_far = interrupted(page, line)
    page.reload()
    expect(logo_of(page).locator("small")).to_contain_text("Choose the same file again to go on.")
    assert percent(page) > so_far
    fill_in(page, newcomer("large.logo@example.org"))
    page.get_by_label("Email address").fill("not an address")
    page.get_by_label("Organization logo").set_input_files(large_logo)
    press(page, "Register")  # before the file has arrived: the form waits for it
    expect(logo_of(page).get_by_role("status")).to_contain_text("The form follows by itself")
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text(
        "Please give an email address, as in name@example.org.", timeout=60_000
    )
    assert sent() < 40 * MB

    kept = logo_of(page).get_by_role("listitem")
    expect(kept).to_have_text(re.compile(r"emblem\.png\s+30\.0\sMB, kept"))
    page.get_by_label("Email address").fill("large.logo@example.org")
    for box in page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    press(page, "Register")
    expect(page.locator("h1")).to_have_text("Confirm your email address")
    assert portal.mail("large.logo@example.org").code
    assert parts(portal) == before


def test_finished_logo_is_still_there_after_a_reload(
    portal: Portal, page: Page, large_logo: Path
) -> None:
    page.goto(f"{portal.url}/register/")
    page.get_by_label("Organization logo").set_input_files(large_logo)
    kept = logo_of(page).get_by_role("listitem")
    expect(kept).to_contain_text("kept", timeout=30_000)
    page.reload()
    expect(kept).to_have_text(re.compile(r"emblem\.png\s+30\.0\sMB, kept"))
    page.get_by_label("Remove emblem.png").check()
    press(page, "Register")
    expect(logo_of(page).locator(".error")).to_contain_text("Please choose a file.")
    page.reload()
    expect(kept).to_have_count(0)


def test_cancelled_logo_is_forgotten_at_once(portal: Portal, page: Page, large_logo: Path) -> None:
    page.goto(f"{portal.url}/register/")
    before = parts(portal)
    Line(page, 1 * MB)
    page.get_by_label("Organization logo").set_input_files(large_logo)
    wait_for_percent(page, 2)
    assert parts(portal) != before
    with page.expect_response(re.compile("/cancel/$")):
        logo_of(page).get_by_role("button", name="Cancel emblem.png").click()
    expect(logo_of(page).get_by_role("listitem")).to_have_count(0)
    expect(page.get_by_label("Organization logo")).to_be_focused()
    assert page.get_by_label("Organization logo").input_value() == ""
    assert parts(portal) == before


def test_what_is_no_logo_is_refused_from_its_first_bytes_and_again_by_the_form(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    program = tmp_path / "emblem.png"
    program.write_bytes(b"MZ\x90\x00" + bytes(10 * MB))
    page.goto(f"{portal.url}/register/")
    sent = bytes_sent(page)
    page.get_by_label("Organization logo").set_input_files(program)
    refusal = "This file is a program, not a picture. Please choose another file."
    expect(logo_of(page).locator("li.bad small")).to_have_text(refusal)
    assert sent() <= MB
    press(page, "Register")
    expect(logo_of(page).locator("p.error")).to_contain_text(refusal)


def test_logo_above_the_limit_is_not_sent_at_all(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    large = tmp_path / "emblem.png"
    large.write_bytes(padded_picture(20 * MB + 1))
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/apply/")
    sent = bytes_sent(page)
    page.locator("input[type=file]").set_input_files(large)
    expect(logo_of(page).locator("li.bad small")).to_have_text(
        "This file is too large. Maximum file size: 20 MB."
    )
    assert sent() == 0


@pytest.mark.browser_context_args(java_script_enabled=False, reduced_motion="reduce")
def test_without_javascript_the_logo_goes_with_the_form_and_is_kept(
    portal: Portal, page: Page, large_logo: Path
) -> None:
    page.goto(f"{portal.url}/register/")
    fill_in(page, newcomer("not an address"))
    page.get_by_label("Organization logo").set_input_files(large_logo)
    expect(logo_of(page).get_by_role("listitem")).to_have_count(0)
    press(page, "Register")
    expect(page.get_by_role("alert")).to_contain_text(
        "Please give an email address, as in name@example.org."
    )
    kept = logo_of(page).get_by_role("listitem")
    expect(kept).to_have_text(re.compile(r"emblem\.png\s+30\.0\sMB, kept"))
