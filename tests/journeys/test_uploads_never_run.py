"""Uploads never run in our origin: pages, drawings, scripts and polyglots, in a real browser.

What the portal refuses is put behind its back, as if every check had failed: what it hands out must
run nowhere all the same. The same bytes, handed out as pages, show that the test would notice.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Name
from playwright.sync_api import Browser, Page, Route, expect

from tests.alliance.files import paper_samples as papers
from tests.portal import Portal

# Whoever runs it in our origin leaves a mark there, and asks for an address that gives it away.
SCRIPT = "localStorage.setItem('ran', 'yes'); new Image().src = '/it-ran/'; document.title = 'ran';"
PAGE = f"<!doctype html><html><body><script>{SCRIPT}</script></body></html>"
DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg"><script>{SCRIPT}</script></svg>'
# A GIF by its first bytes and a script by all of them; a PDF that is a page before it.
GIF_SCRIPT = f"GIF89a/*{' ' * 20}*/=1;{SCRIPT}"


def hostile_files() -> dict[str, tuple[str, bytes]]:
    """By name: the content type that would make a browser run it, and the bytes."""
    return {
        "page.html": ("text/html", PAGE.encode()),
        "drawing.svg": ("image/svg+xml", DRAWING.encode()),
        "page.pdf": ("text/html", PAGE.encode() + papers.pdf()),
        "script.pdf": (
            "application/pdf",
            papers.pdf(papers.opening(S=Name.JavaScript, JS="app.alert(1)")),
        ),
        "script.png": ("text/javascript", GIF_SCRIPT.encode()),
        "page.docx": ("text/html", papers.office() + PAGE.encode()),
    }


# Those that a browser runs when they come as what they are; its PDF viewer runs nothing of ours.
RUN = [name for name in hostile_files() if name != "script.pdf"]
# Which view hands them out: that of an organization's papers, or that of a form's documents.
PLACES = ["organization", "submission"]

BEHIND_ITS_BACK = """
import hashlib, json, sys
from django.core.files.base import ContentFile
from organizations.models import Membership, Organization, OrganizationDocument
from submissions.models import Attachment
from tests import factories
from tests.journeys.test_uploads_never_run import hostile_files
logo = Organization.objects.exclude(logo="").first().logo.name
place = factories.organization(name="Institute of Hostile Files", logo=logo)
person = factories.member(place, Membership.Role.OWNER, email="hostile@example.org")
draft = factories.draft(person, "demand")
papers, attachments = {}, {}
for name, (kind, content) in hostile_files().items():
    same = {
        "name": name, "size": len(content), "content_type": kind,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    paper = OrganizationDocument(organization=place, kind="other", **same)
    attachment = Attachment(submission=draft, **same)
    for row in (paper, attachment):
        row.file.save(f"{row.FOLDER}/{name}", ContentFile(content), save=False)
        row.save()
    papers[name] = f"/organization/documents/{paper.pk}/"
    attachments[name] = f"{draft.get_absolute_url()}attachments/{attachment.pk}/"
found = {"organization": papers, "submission": attachments}
print(json.dumps({"addresses": found, "password": factories.PASSWORD}))
"""


@pytest.fixture(scope="module")
def kept(portal: Portal) -> dict[str, Any]:
    """The addresses of the files, by where they were put and by name; and the owner's password."""
    found: dict[str, Any] = json.loads(portal.run(BEHIND_ITS_BACK).splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def logged_in(portal: Portal, browser: Browser, kept: dict[str, Any]) -> Iterator[Page]:
    page = browser.new_context().new_page()
    portal.log_in(page, "hostile@example.org", kept["password"])
    yield page
    page.context.close()


@pytest.fixture
def page(logged_in: Page, portal: Portal) -> Iterator[Page]:
    """A tab of the owner's browser, without any mark of an earlier test."""
    page = logged_in.context.new_page()
    page.goto(f"{portal.url}/organization/")
    page.evaluate("localStorage.clear()")
    yield page
    page.close()


def has_run(page: Page, portal: Portal, asked: list[str]) -> bool:
    """Whether something has run in our origin, by its marks."""
    page.wait_for_timeout(300)
    fresh = page.context.new_page()
    fresh.goto(f"{portal.url}/about/")
    mark = fresh.evaluate("localStorage.getItem('ran')")
    fresh.close()
    return mark is not None or any("/it-ran/" in url for url in asked)


def embedding(address: str) -> str:
    """A page that embeds a file in every way that a browser knows, without any policy."""
    return (
        f"<!doctype html><title>Embedding</title><iframe src='{address}'></iframe>"
        f"<object data='{address}'></object><embed src='{address}'><img src='{address}'>"
        f"<script src='{address}'></script><link rel='stylesheet' href='{address}'>"
    )


def serve_embedding(page: Page, portal: Portal, address: str) -> str:
    """Put that page into our origin, as if somebody could write pages there."""
    own = f"{portal.url}/embedding/"
    page.route(own, lambda route: route.fulfill(content_type="text/html", body=embedding(address)))
    return own


def asked_by(page: Page) -> list[str]:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.mark.parametrize("name", hostile_files())
@pytest.mark.parametrize("where", PLACES)
def test_opened_file_is_a_download_and_embedded_it_runs_nowhere(
    portal: Portal, page: Page, kept: dict[str, Any], where: str, name: str
) -> None:
    asked = asked_by(page)
    address = portal.url + kept["addresses"][where][name]
    with page.expect_download() as download:
        page.evaluate("address => { location = address }", address)
    assert download.value.suggested_filename == name
    assert Path(download.value.path()).read_bytes()[:8] == hostile_files()[name][1][:8]
    page.goto(serve_embedding(page, portal, address))
    assert not has_run(page, portal, asked)
    assert address in asked


@pytest.mark.parametrize("name", RUN)
@pytest.mark.parametrize("where", PLACES)
def test_even_shown_as_a_page_it_runs_in_no_origin(
    portal: Portal, page: Page, kept: dict[str, Any], where: str, name: str
) -> None:
    """As in a browser that opens attachments and guesses at kinds: the policy alone must hold."""
    address = portal.url + kept["addresses"][where][name]
    kind = hostile_files()[name][0]

    def as_a_page(route: Route) -> None:
        answer = route.fetch()
        headers = {
            key: value
            for key, value in answer.headers.items()
            if key not in ("content-disposition", "x-content-type-options", "content-type")
        }
        # A script is none by itself; here it is what the frame below asks for.
        shown = "text/html" if kind == "text/javascript" else kind
        route.fulfill(response=answer, headers=headers | {"content-type": shown})

    asked = asked_by(page)
    page.route(address, as_a_page)
    page.goto(address)
    assert not has_run(page, portal, asked)


@pytest.mark.parametrize("name", RUN)
def test_control_same_bytes_without_our_headers_do_run(
    portal: Portal, page: Page, name: str
) -> None:
    kind, content = hostile_files()[name]
    asked = asked_by(page)
    address = f"{portal.url}/control/{name}"
    page.route(address, lambda route: route.fulfill(content_type=kind, body=content))
    page.goto(serve_embedding(page, portal, address))
    assert has_run(page, portal, asked)


@pytest.mark.parametrize("name", hostile_files())
def test_hostile_file_is_refused_with_a_word_and_its_name_is_text(
    portal: Portal, page: Page, tmp_path: Path, name: str
) -> None:
    asked = asked_by(page)
    path = tmp_path / f"<img src=x onerror=eval(name)>{name}"
    path.write_bytes(hostile_files()[name][1])
    page.goto(f"{portal.url}/organization/documents/add/")
    page.evaluate("script => { window.name = script }", SCRIPT)
    page.locator("select[name=kind]").select_option("other")
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator(".files .bad")).to_contain_text(re.compile("Please"))
    expect(page.locator(".files .bad")).to_contain_text("<img src=x onerror=eval(name)>")
    assert not has_run(page, portal, asked)


def test_kept_file_with_a_hostile_name_is_shown_as_text(
    portal: Portal, page: Page, tmp_path: Path
) -> None:
    asked = asked_by(page)
    name = "<img src=x onerror=eval(name)>.pdf"
    (tmp_path / name).write_bytes(papers.pdf())
    page.goto(f"{portal.url}/organization/documents/add/")
    page.evaluate("script => { window.name = script }", SCRIPT)
    page.locator("select[name=kind]").select_option("other")
    page.locator("input[type=file]").set_input_files(tmp_path / name)
    expect(page.locator(".files li")).to_contain_text("kept")
    page.locator("main").get_by_role("button").last.click()
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    assert not has_run(page, portal, asked)
