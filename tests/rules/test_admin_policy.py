"""Every kind of page of the admin in a real browser: none does what its policy forbids.

The pages are all that the table of access opens, and from each of them what its links and its
search add in the query: once for each route and set of names, so that the walk ends by itself and
no limit can hide a page.
"""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from tests.rules.addresses import addresses
from tests.rules.matrix import table
from tests.rules.test_browser_pages import LISTENER
from tests.rules.world import World, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]

# Files, and an answer for scripts: there is no page to draw.
NO_PAGES = {
    "admin:jsi18n",
    "admin:knowledge_report_downloads_file",
    "admin:knowledge_report_export_download",
    "admin:organizations_organization_document",
    "admin:submissions_listexport_download",
    "admin:submissions_submission_attachment",
    "admin:submissions_submission_dossier",
    "admin:submissions_submission_statistics_file",
    "admin:submissions_submission_timeline",
}
# Where links go, and what a search would send.
LINKS = """() => [
  ...[...document.links].map(link => link.href),
  ...[...document.querySelectorAll('form[method=get] input[name=q]')]
    .map(search => `${location.origin}${location.pathname}?q=a`),
]"""


def shape(path: str) -> tuple[str, tuple[str, ...]]:
    """What is the same for pages of one kind: the route, and the names in the query."""
    parts = urlsplit(path)
    names = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    return resolve(parts.path).route, tuple(sorted(names))


def opened_pages(world: World, role: str) -> Iterator[str]:
    """Paths of the admin's pages that the table of access opens to this role."""
    known = addresses()
    for row in table():
        address = known[row.name]
        is_page = address.route.startswith("admin/") and row.name not in NO_PAGES
        if is_page and row.method == "GET" and row.outcomes[role] == "ok":
            yield world.path(address, row.variant)


def forbidden(page: Page, address: str) -> list[str]:
    """What the page at this address tried that its policy forbids."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    found: list[str] = page.evaluate("window.forbidden")
    return found


def with_query(page: Page, portal: str) -> Iterator[str]:
    """Paths with something in the query that the page leads to inside the admin."""
    for link in page.evaluate(LINKS):
        path = link.partition("#")[0].removeprefix(portal)
        parts = urlsplit(path)
        is_inside = path.startswith("/admin/") and parts.query
        if is_inside and resolve(parts.path).view_name not in NO_PAGES:
            yield path


def crawl(page: Page, portal: str, paths: list[str]) -> dict[str, list[str]]:
    """By path what the policy forbade there: these pages, then those that they lead to."""
    found = {}
    further: dict[tuple[str, tuple[str, ...]], str] = {}
    for path in paths:
        found[path] = forbidden(page, portal + path)
        for link in with_query(page, portal):
            further.setdefault(shape(link), link)
    for path in further.values():
        found[path] = forbidden(page, portal + path)
    return found


def plant(route: Route) -> None:
    """Answer with the page, and an inline style and an inline script in it."""
    answer = route.fetch()
    planted = '<body style="color: red"><script>window.ran = true</script><i '
    route.fulfill(response=answer, body=answer.text().replace("<body", planted, 1))


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def staff(page: Page, live_server: LiveServer, world: World, role: str) -> Page:
    """The browser of somebody of this role, which notes what the policy forbids."""
    session = world.client(role).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.add_init_script(LISTENER)
    return page


@pytest.mark.parametrize("role", ["senior", "administrator"])
def test_no_page_of_the_admin_does_what_its_policy_forbids(
    staff: Page, live_server: LiveServer, world: World, role: str
) -> None:
    paths = list(opened_pages(world, role))
    found = crawl(staff, live_server.url, paths)
    assert {path: tried for path, tried in found.items() if tried} == {}


@pytest.mark.parametrize("role", ["senior"])
def test_an_inline_style_and_script_in_a_page_of_the_admin_are_noted(
    staff: Page, live_server: LiveServer
) -> None:
    assert forbidden(staff, f"{live_server.url}/admin/") == []
    staff.route("**/admin/", plant)
    tried = forbidden(staff, f"{live_server.url}/admin/")
    assert sorted(text.split()[0] for text in tried) == ["script-src-elem", "style-src-attr"]
    assert staff.evaluate("window.ran") is None
