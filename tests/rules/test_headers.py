"""What every answer carries: a strict policy, headers that close doors, nothing inline."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from organizations import subscription_links
from organizations.models import Subscription
from tests import factories
from tests.rules.markup import PageReader
from tests.rules.matrix import ask, body, new_to, questions
from tests.rules.nesting import nesting_faults
from tests.rules.world import World

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'none'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
# Files from outside run in no origin at all; a mail is shown with its own style, and no more.
FILE_POLICY = "sandbox; default-src 'none'"
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
OTHER_POLICIES = {
    "public_picture": FILE_POLICY,
    "library:file": FILE_POLICY,
    "library:file_version": FILE_POLICY,
    "my_data_download": FILE_POLICY,
    "organization_document": FILE_POLICY,
    "submissions:document": FILE_POLICY,
    "admin:submissions_submission_attachment": FILE_POLICY,
    "admin:organizations_organization_document": FILE_POLICY,
    "admin:submissions_listexport_download": FILE_POLICY,
    "admin:knowledge_report_export_download": FILE_POLICY,
    "local_mail_html": MAIL_POLICY,
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    ),
}
# Between them they see every page.
READERS = ("visitor", "unverified", "halfway", "owner", "stranger", "senior", "administrator")


def parts(policy: str) -> set[str]:
    return {part.strip() for part in policy.split(";") if part.strip()}


def faults(response: HttpResponseBase, policy: str = POLICY) -> list[str]:
    """What is missing or wrong about an answer."""
    found = [
        f"{name}: {response.headers.get(name)}"
        for name, value in HEADERS.items()
        if response.headers.get(name) != value
    ]
    if parts(response.headers.get("Content-Security-Policy", "")) != parts(policy):
        found.append(f"policy: {response.headers.get('Content-Security-Policy')}")
    kind = response.headers.get("Content-Type", "")
    # JSON is UTF-8 by definition and has no such parameter; pictures in SVG are files of ours.
    is_text = kind.startswith("text/") or kind.partition(";")[0].endswith("xml")
    if is_text and "charset=utf-8" not in kind.lower().replace('"', ""):
        found.append(f"no charset: {kind}")
    if not response.headers.get("X-Request-ID"):
        found.append("no X-Request-ID")
    if policy == POLICY and response.headers.get("Content-Type", "").startswith("text/html"):
        page = body(response)
        found += PageReader(page).inline + nesting_faults(page)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", READERS)
def test_every_page_is_strict(world: World, role: str) -> None:
    client = world.client(role)
    client.get("/health/live")  # the session's sign of life is written once a minute
    new = new_to(role, READERS)
    wrong = {}
    for key, address, path in questions(world):
        if key not in new:
            continue
        response = ask(client, key.split()[0], path, address.name)
        is_file = response.status_code == 200 and address.name in OTHER_POLICIES
        if found := faults(response, OTHER_POLICIES[address.name] if is_file else POLICY):
            wrong[key] = found
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["owner", "senior"])
def test_what_somebody_sees_who_is_logged_in_stays_in_no_cache(world: World, role: str) -> None:
    client = world.client(role)
    client.get("/health/live")
    kept = {}
    for key, address, path in questions(world):
        if key.startswith("GET") and address.name not in {"public_picture", "library:file_version"}:
            cache = ask(client, "GET", path).headers.get("Cache-Control", "")
            if "no-store" not in cache:
                kept[key] = cache
    # A published PDF, and what machines read, is the same for everybody.
    machines = {"library:feed", "robots", "sitemap", "sitemap_section", "search_description"}
    machines |= {"demands_feed", "offers_feed"}
    assert kept.keys() <= {"GET library:file", *(f"GET {name}" for name in machines)}


def refusals() -> Iterator[tuple[int, HttpResponseBase]]:
    """Answers to requests that went wrong, with the status that each must have."""
    client = Client(raise_request_exception=False)
    yield 400, client.get("/library/?q=%00")
    yield 403, Client(enforce_csrf_checks=True).post("/connect/", {"name": "Ada"})
    yield 404, client.get("/nowhere/")
    yield 405, client.post("/about/")
    yield 405, client.trace("/login/")
    yield 413, client.generic("POST", "/connect/", b"", CONTENT_LENGTH=str(10**12))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organizations_subscription RENAME TO elsewhere")
    data = {"ticket": "", "email": "ada@example.org"}
    yield 500, client.post(path_with_a_fault(), data)


def path_with_a_fault() -> str:
    """An address whose page asks the table that is gone."""
    return subscription_links.end_link(Subscription(pk=1)).removeprefix(settings.SITE_URL)


@pytest.mark.django_db
def test_answers_to_what_went_wrong_are_strict_as_well() -> None:
    found = [(status, response.status_code, faults(response)) for status, response in refusals()]
    assert [(expected, got) for expected, got, _ in found if expected != got] == []
    assert [wrong for _expected, _got, wrong in found if wrong] == []


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    person = factories.user()
    login = {"login": person.email, "password": factories.PASSWORD}
    response = factories.known_browser(person).post("/login/", login)
    session = response.cookies[settings.SESSION_COOKIE_NAME]
    token = response.cookies[settings.CSRF_COOKIE_NAME]
    browser = response.cookies[settings.BROWSER_COOKIE_NAME]
    assert (session["httponly"], browser["httponly"]) == (True, True)
    for cookie in (session, token, browser):
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    # Without Remember me the login ends with the browser.
    assert (session["max-age"], session["expires"]) == ("", "")


IN_PRODUCTION = """
import json, django
django.setup()
from django.test import Client
plain = Client().get("/login/", headers={"host": "alliance.example.org"})
page = Client().get("/login/", secure=True, headers={"host": "alliance.example.org"})
local = Client().get("/local/mail/", secure=True, headers={"host": "alliance.example.org"})
print(json.dumps({
    "plain": [plain.status_code, plain.get("Location")],
    "status": page.status_code,
    "hsts": page["Strict-Transport-Security"],
    "cookies": [line.OutputString() for line in page.cookies.values()],
    "local": local.status_code,
}))
"""


@pytest.mark.django_db
def test_production_speaks_tls_alone_and_binds_its_cookies_to_the_host() -> None:
    database = settings.DATABASES["default"]
    address = f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}"
    given = {
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "ALLIANCE_MODE": "production",
        "DATABASE_URL": f"{address}?host={database['HOST']}",
        "SITE_URL": "https://alliance.example.org",
        "ALLOWED_HOSTS": "alliance.example.org",
        "EMAIL_URL": "smtp://mail.example.org:587?tls=1",
        "CLAMD_URL": "unix:///run/clamav/clamd.ctl",
        "DEFAULT_FROM_EMAIL": "alliance@example.org",
        "SECRETARIAT_EMAIL": "secretariat@example.org",
        "SECRET_KEY": "only-for-this-test-" + 40 * "0123456789",
        "TRAIL_KEY": "only-for-this-test-" + 40 * "9876543210",
    }
    done = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION],
        cwd=settings.BASE_DIR,
        env=os.environ | given,
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert found["plain"] == [301, "https://alliance.example.org/login/"]
    assert found["status"] == 200
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
    [cookie] = found["cookies"]
    assert cookie.startswith("__Host-alliance_csrf=")
    assert {"Secure", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert found["local"] == 404
