"""The browser of the tests: the system's Chromium, or the one that Playwright downloaded.

`tests/conftest.py` takes over the fixture below with
`from tests.browser import browser_type_launch_args`.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from organizations.login import browsers
from organizations.models import User

HINT = "no Chromium for the browser tests; get it with: apt-get install chromium"
ARGUMENTS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright keeps an event loop in the test's thread, in which Django would refuse every query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def chromium_path() -> str | None:
    """The program to start, or None if this machine has no Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    downloads = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    found_there = sorted(Path(downloads).glob("chromium-*/chrome-linux*/chrome"))
    return str(found_there[-1]) if found_there else None


def launch_arguments() -> list[str]:
    """Chromium's own sandbox does not run as root."""
    return ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])


def know(page: Page, portal: str, person: User) -> None:
    """Make the page's browser one that this person has logged in with before."""
    value = browsers.cookie_value(person)
    page.context.add_cookies(
        [{"name": settings.BROWSER_COOKIE_NAME, "value": value, "url": portal}]
    )


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """What pytest-playwright starts the browser with."""
    path = chromium_path()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(HINT)
    if path is None:
        pytest.skip(HINT)
    return {"executable_path": path, "args": launch_arguments()}
