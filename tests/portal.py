"""A running portal for the browser tests, started as a person starts it: `manage.py serve`.

One for each test worker, in a data folder of its own: a second one costs less than all browser tests
waiting for one worker.
"""

import html
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from playwright.sync_api import Page

from alliance.embedded_postgres import EmbeddedPostgres

CHECKOUT = Path(__file__).resolve().parent.parent
LAST_LINE = "Stop with Ctrl-C."
SECONDS_TO_START = 240
# A portal that starts again has the people of the programs before.
_FIRST_NUMBERS = itertools.count(1, 100_000)
SECONDS_FOR_A_MAIL = 20
TOTP_STEP = 30

# The people that `manage.py serve` names on the screen.
MEMBER = "member@example.org"
REVIEWER = "reviewer@example.org"
COLLEAGUE = "colleague@example.org"
SENIOR = "senior@example.org"
EDITOR = "editor@example.org"
ADMINISTRATOR = "admin@example.org"


@dataclass(frozen=True)
class Mail:
    """A mail as the page of the local viewer shows it."""

    address: str
    subject: str
    recipient: str
    text: str

    @property
    def code(self) -> str:
        """The code in it, of six digits or of twice four."""
        found = re.search(r"\b(\d{6}|\d{4}-?\d{4})\b", self.text)
        assert found, f"no code in: {self.text}"
        return found[1]


class Portal:
    """A portal that runs, with what it said on the screen."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._screen = data.with_suffix(".screen.txt")
        self._used_steps: dict[str, int] = {}
        self._known_browsers: dict[str, Any] = {}
        self._bench: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        """Begin, or begin again on the same data and at the same address once it was stopped."""
        with self._screen.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--stop-with-parent"],
                cwd=CHECKOUT,
                env=_environment(self.data, self.port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while LAST_LINE not in self.screen:
            assert self.process.poll() is None, self.screen
            assert time.monotonic() < deadline, self.screen
            time.sleep(0.1)
        assert self.get("/health/ready")

    def stop(self) -> None:
        """Ask it to stop; what does not heed is cut short."""
        if self._bench:
            self._bench.communicate()
            self._bench = None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def screen(self) -> str:
        return self._screen.read_text()

    @property
    def password(self) -> str:
        """Of all the demo people."""
        return self._said(r"with the password (\S+)")

    def totp_code(self, email: str) -> str:
        """A second factor that this person has not used yet (each code is taken once)."""
        step = max(int(time.time()) // TOTP_STEP, self._used_steps.get(email, 0) + 1)
        # The server takes codes that are one step early.
        while step > int(time.time()) // TOTP_STEP + 1:
            time.sleep(0.5)
        self._used_steps[email] = step
        return str(format_hotp_value(hotp_value(self._said(r"TOTP secret (\S+)"), step)))

    def get(self, path: str) -> str:
        """A page as a visitor gets it."""
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return str(answer.read().decode())

    def run(self, program: str) -> str:
        """What a Python program prints that works on this portal's data.

        One process runs them all: to load Django takes longer than most of them do.
        """
        if not self._bench:
            self._bench = subprocess.Popen(
                [sys.executable, "-m", "tests.bench"],
                cwd=CHECKOUT,
                env=_environment(self.data, self.port)
                | {
                    "DJANGO_SETTINGS_MODULE": "alliance.settings",
                    "FIRST_NUMBER": str(next(_FIRST_NUMBERS)),
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._bench.stdin
        assert self._bench.stdout
        self._bench.stdin.write(json.dumps(program) + "\n")
        self._bench.stdin.flush()
        printed = self._bench.stdout.readline()
        if not printed:  # it ends with what failed; the next program gets another process
            self._bench = None
        assert printed, "the program has failed; what it said stands above"
        return str(json.loads(printed))

    def outbox(self, recipient: str = "") -> list[Mail]:
        """Mails of the local viewer's first page, newest first; of one recipient if named."""
        found = re.findall(
            r'<a href="(/local/mail/\d+/)">(.*?)</a>.*?<p class="note">(.*?)</p>',
            self.get("/local/mail/"),
            re.DOTALL,
        )
        return [
            self._read_mail(address, subject, whom)
            for address, subject, whom in found
            if recipient in {"", html.unescape(whom)}
        ]

    def mail(self, recipient: str, subject: str = "") -> Mail:
        """The newest mail to somebody whose subject holds these words; waits until it is there."""
        deadline = time.monotonic() + SECONDS_FOR_A_MAIL
        while True:
            mails = self.outbox(recipient)
            if found := [mail for mail in mails if subject in mail.subject]:
                return found[0]
            assert time.monotonic() < deadline, f"no mail “{subject}” in {mails}"
            time.sleep(0.3)

    def log_in(self, page: Page, email: str, password: str = "") -> None:
        """Log somebody in with this page's browser; the demo staff with their second factor.

        The first time, a code from the mail is asked for; later the browser counts as known.
        """
        page.context.add_cookies(self._known_browsers.get(email, []))
        page.goto(f"{self.url}/login/")
        page.get_by_label("Login / email").fill(email)
        page.get_by_label("Password", exact=False).first.fill(password or self.password)
        page.get_by_role("button", name="Login", exact=True).click()
        if page.url.endswith("/login/code/"):
            page.get_by_label("Code").fill(self.mail(email, "Your code").code)
            page.get_by_role("button", name="Login", exact=True).click()
        elif page.url.endswith("/login/second-factor/"):
            page.get_by_label("Code").fill(self.totp_code(email))
            page.get_by_role("button", name="Login", exact=True).click()
        assert "/login/" not in page.url, page.locator("main").inner_text()
        self._known_browsers[email] = [
            cookie
            for cookie in page.context.cookies(self.url)
            if cookie["name"].startswith("alliance_browser")
        ]

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, self.screen)
        assert found, self.screen
        return found[1]

    def _read_mail(self, address: str, subject: str, recipient: str) -> Mail:
        text = re.sub(r"<[^>]+>", "", self.get(address).partition('<div class="card">')[2])
        return Mail(self.url + address, *map(html.unescape, (subject, recipient, text)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(data: Path, port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return ours | {
        "ALLIANCE_MODE": "local",
        "ALLIANCE_DATA": str(data),
        "PORT": str(port),
        "ALLIANCE_SWEEP_SECONDS": "1",
    }


@contextmanager
def running_portal(name: str, **environment: str) -> Iterator[Portal]:
    """A portal with data of its own, which go with it; `environment` is what it starts with."""
    data = settings.ALLIANCE_DATA / f"{name}{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in environment.items():
            patch.setenv(variable, value)
        running = Portal(data)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()
        EmbeddedPostgres(data).remove()


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    with running_portal("portal") as running:
        yield running
