"""One's own data in a browser: the file downloaded and read, then the end of the account."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.steps import Newcomer, fill_in, press
from tests.portal import Portal

PASSWORD = "the ferry leaves at noon"


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param == "with JavaScript")
    yield context.new_page()
    context.close()


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "lamu.png"
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "#009edb").save(picture, "PNG")
    path.write_bytes(picture.getvalue())
    return path


def register(page: Page, portal: Portal, email: str, logo: Path) -> None:
    newcomer = Newcomer(
        email=email,
        institution="Lamu Ferry Authority",
        first_name="Halima",
        last_name="Omari",
        country="KE",
        function="Harbour master",
        password=PASSWORD,
    )
    page.goto(f"{portal.url}/register/")
    fill_in(page, newcomer)
    page.get_by_label("Organization logo").set_input_files(logo)
    press(page, "Register")
    page.get_by_label("Code").fill(portal.mail(email).code)
    press(page, "Go on")
    expect(page.locator("h1")).to_have_text("Welcome, Halima")


def prove_identity(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Is it you?")
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Go on")


def downloaded(page: Page) -> tuple[list[str], dict[str, Any]]:
    """What lies at the top of the file with one's data, and what its `data.json` says."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download (").click()
    with zipfile.ZipFile(Path(download.value.path())) as file:
        names = [name.partition("/")[0] for name in file.namelist()]
        return names, json.loads(file.read("data.json"))


def erase_account(page: Page, email: str) -> None:
    page.get_by_role("link", name="Erase my account").click()
    expect(page.get_by_text("Your institution is closed too")).to_be_visible()
    page.get_by_label("Your email address").fill("somebody@example.org")
    press(page, "Erase my account")
    expect(page.get_by_role("alert")).to_contain_text("This is not the address of your account.")
    page.get_by_label("Your email address").fill(email)
    press(page, "Erase my account")
    expect(page.locator("h1")).to_have_text("Your account is erased")


def test_read_what_is_kept_take_it_along_and_be_forgotten(
    portal: Portal, visitor: Page, logo: Path, request: pytest.FixtureRequest
) -> None:
    page = visitor
    email = f"halima.{abs(hash(request.node.name)) % 10**6}@example.org"
    register(page, portal, email, logo)

    page.goto(f"{portal.url}/account/")
    page.get_by_role("link", name="My data", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("My data")
    press(page, "Export my data")
    prove_identity(page)
    press(page, "Export my data")
    expect(page.get_by_text("Your file is being made.").first).to_be_visible()
    assert "/account/data/" in portal.mail(email, "The file with your data is ready").text
    page.reload()
    names, data = downloaded(page)
    assert names == ["data.json", "logos"]
    assert data["account"][0]["email"] == email
    assert data["memberships"][0]["function"] == "Harbour master"
    assert "argon2" not in json.dumps(data)

    erase_account(page, email)
    assert "Harbour" not in portal.mail(email, "Your account is erased").text

    page.goto(f"{portal.url}/login/")
    page.get_by_label("Login / email").fill(email)
    page.locator("input[type=password]").first.fill(PASSWORD)
    press(page, "Login")
    expect(page.get_by_role("alert")).to_contain_text(
        "The email address or the password is not right."
    )
