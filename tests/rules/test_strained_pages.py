"""Pages under strain: strings two fifths longer, from right to left, long words, lists that are full,
letters spaced out, letters twice as large, paper. Nothing runs over the edge, nothing is cut off.
"""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.portal import Portal, running_portal
from tests.rules.case import CASE, paths_of
from tests.rules.test_browser_pages import FOUND_PAGES, pages, sideways

pytestmark = pytest.mark.xdist_group("strained")

WIDTHS = (360, 768, 1280)
NARROWEST = 320  # of WCAG 1.4.10
ROUNDED = 1  # pixel, by which paper is rounded up
# Of WCAG 1.4.12, and of 1.4.4 for browsers that enlarge the text alone.
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-block-end: 2em !important }"
)
LARGE = ":root { font-size: 200% !important }"
PEOPLE = {"owner": "pages@example.org", "senior": "senior@example.org"}
SESSIONS = """
import json
from organizations.models import User
from tests import factories
people = json.loads('PEOPLE')
print(json.dumps({
    role: {
        name: one.value
        for name, one in factories.logged_in(User.objects.get(email=email)).cookies.items()
    }
    for role, email in people.items()
}))
""".replace("PEOPLE", json.dumps(PEOPLE))

# Words that are cut off: of buttons, labels and cells that hide what is too long for them, and of
# tables in letters as they are, which would have to be pushed to and fro.
CUT = """plain => [...document.querySelectorAll("main#main *")].filter(one => {
  const style = getComputedStyle(one);
  return (style.overflowX === "hidden" || plain && one.matches(".table")) && style.clipPath === "none" && one.clientWidth > 1
    && one.scrollWidth > one.clientWidth + 1 && one.innerText && one.innerText.trim();
}).map(one => one.outerHTML.slice(0, 120))"""

# Counts of which a digit stands on the next line.
SPLIT = """() => [...document.querySelectorAll(".facet[open] .n")].filter(one => {
  const line = document.createRange();
  line.selectNodeContents(one);
  return new Set([...line.getClientRects()].map(box => box.top)).size > 1;
}).map(one => one.parentElement.innerText)"""


@pytest.fixture(scope="module")
def strained() -> Iterator[Portal]:
    with running_portal("strained", PSEUDO_LANGUAGE="ar-xb") as portal:
        yield portal


@pytest.fixture(scope="module")
def readers(
    strained: Portal, browser: Browser, paths: dict[str, str]
) -> Iterator[dict[str, BrowserContext]]:
    """One browser for each role, logged in; the people come with the rows of the paths."""
    contexts = {role: browser.new_context(reduced_motion="reduce") for role in ("visitor", *PEOPLE)}
    for role, cookies in json.loads(strained.run(SESSIONS).splitlines()[-1]).items():
        contexts[role].add_cookies(
            [{"name": name, "value": value, "url": strained.url} for name, value in cookies.items()]
        )
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def paths(strained: Portal) -> dict[str, str]:
    # A few rows strain a page as much as many, and are drawn sooner.
    program = CASE.replace("fill(owner)", "fill(owner, 3)")
    return paths_of(strained, json.loads(strained.run(program).splitlines()[-1]))


def dress(page: Page, sheet: str) -> None:
    """As a reader's own style sheet would; the policy forbids an element."""
    page.evaluate(
        "text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);"
        "document.adoptedStyleSheets = [sheet] }",
        sheet,
    )


def faults(page: Page) -> list[str]:
    """What runs over the edge or is cut off, with the strain that does it."""
    found = []
    for width, sheet in [*((width, "") for width in WIDTHS), (NARROWEST, SPACED), (1280, LARGE)]:
        page.set_viewport_size({"width": width, "height": 900})
        dress(page, sheet)
        if over := sideways(page):
            found.append(f"{width} {sheet[:20]}: {over} px beside the window")
        found += [f"{width} {sheet[:20]}: {html}" for html in page.evaluate(CUT, not sheet)]
        found += [f"{width} {sheet[:20]}: {words}" for words in page.evaluate(SPLIT)]
    dress(page, "")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 between its margins
    if (over := sideways(page)) > ROUNDED:
        found.append(f"print: {over} px beside the paper")
    return found


@pytest.mark.parametrize("role", ["visitor", *PEOPLE])
def test_no_page_runs_over_its_edge_under_strain(
    strained: Portal, paths: dict[str, str], readers: dict[str, BrowserContext], role: str
) -> None:
    wrong = {}
    # Of the secretariat's pages those that we lay out: Django's lists take half of the time.
    for name in pages(role) if role != "senior" else FOUND_PAGES[role]:
        page = readers[role].new_page()
        page.goto(strained.url + paths.get(name, name))
        assert page.locator("html").get_attribute("dir") == "rtl"
        if found := faults(page):
            wrong[name] = found
        page.close()
    assert wrong == {}


def test_what_runs_over_or_is_cut_off_is_found(
    strained: Portal, readers: dict[str, BrowserContext]
) -> None:
    page = readers["visitor"].new_page()
    page.goto(f"{strained.url}/about/")
    assert faults(page) == []
    page.emulate_media(media="screen")
    page.evaluate(
        "() => { const box = document.createElement('p'); box.textContent = 'x'.repeat(99);"
        "box.style.overflow = 'hidden'; box.style.overflowWrap = 'normal';"
        "box.style.inlineSize = '400px'; box.style.maxInlineSize = 'none';"
        "document.querySelector('main').append(box) }"
    )
    found = faults(page)
    assert any("beside the window" in fault for fault in found)
    assert any("xxx" in fault for fault in found)
    page.close()
