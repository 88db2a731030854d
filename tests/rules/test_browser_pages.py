"""Every page in a real browser, on the running portal: for everybody, on any line and any screen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.portal import ADMINISTRATOR, SENIOR, Portal
from tests.rules.addresses import addresses
from tests.rules.matrix import table

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE = ViewportSize(width=1280, height=900)
NARROW = ViewportSize(width=320, height=800)
# Drawn by the scripts of Django's admin, which name these two in a way of their own.
DJANGOS = [[".help-tooltip"], [".select2-search__field"]]

# Answers for machines, pages for builders, and what is no page.
LEFT_OUT = (
    "health_",
    "style",
    "local_mail",
    "upload",
    "mfa_download",
    "admin:jsi18n",
    "robots",
    "security_txt",
    "sitemap",
    "search_description",
    "library:feed",
    "demands_feed",
    "offers_feed",
    "library:oai",
)
# Pages that need rows in their address, found on the portal itself.
FOUND_PAGES = {
    "visitor": [
        "report",
        "demand",
        "nowhere",
        "search",
        "no result",
        "found",
        "found nothing",
        "renewal",
    ],
    "owner": ["submission", "received", "withdraw", "published", "close", "questions"],
    "senior": ["review", "history", "change", "questions review"],
    "administrator": [],
}

# Notes whatever the policy forbids, before anything of the page runs.
LISTENER = """
window.forbidden = [];
document.addEventListener("securitypolicyviolation", event => {
  window.forbidden.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def plain_pages(role: str) -> list[str]:
    """Paths without parameters that the table of access opens to this role, the first so to see."""
    earlier = {"visitor": [], "owner": ["visitor"], "senior": ["visitor", "owner"]}
    before = earlier.get(role, ["visitor", "owner", "senior"])
    known = addresses()
    return [
        known[row.name].path({})
        for row in table()
        if row.method == "GET"
        and row.outcomes[role] == "ok"
        and not any(row.outcomes[other] == "ok" for other in before)
        and row.name in known
        and not known[row.name].parameters
        and not row.name.startswith(LEFT_OUT)
        and known[row.name].is_named
    ]


def pages(role: str) -> list[str]:
    return [*dict.fromkeys(plain_pages(role)), *FOUND_PAGES[role]]


@pytest.fixture(scope="session")
def readers(
    portal: Portal, browser: Browser, case: dict[str, Any]
) -> Iterator[dict[str, BrowserContext]]:
    """One browser for each role, logged in."""
    people = {"owner": "pages@example.org", "senior": SENIOR, "administrator": ADMINISTRATOR}
    contexts = {
        role: browser.new_context(viewport=WIDE, reduced_motion="reduce")
        for role in ("visitor", *people)
    }
    for role, email in people.items():
        page = contexts[role].new_page()
        portal.log_in(page, email, case["password"] if role == "owner" else "")
        page.close()
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def reader(readers: dict[str, BrowserContext], role: str) -> Iterator[Page]:
    """A fresh tab of the role's browser that notes what its policy forbids."""
    page = readers[role].new_page()
    page.add_init_script(LISTENER)
    yield page
    page.close()


def rules_broken(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds: the rule, and the first element that breaks it."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    if not page.evaluate("'axe' in window"):  # of half a megabyte
        page.evaluate(AXE)
    found = page.evaluate(
        # Colours are read when they have stopped changing, or after two seconds.
        "([exclude, only]) => Promise.race(["
        "Promise.all(document.getAnimations().map(one => one.finished)),"
        "new Promise(done => setTimeout(done, 2000))])"
        ".then(() => axe.run({exclude}, {runOnly: only, resultTypes: ['violations']}))"
        ".then(all => all.violations.map(one => [one.id, one.nodes[0].html.slice(0, 200)]))",
        [DJANGOS, only],
    )
    return [f"{rule}: {html}" for rule, html in found]


def sideways(page: Page) -> int:
    """How many pixels of the page lie beside the window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role in FOUND_PAGES for name in pages(role)]
)
def test_a_page_can_be_used_by_everybody_and_breaks_no_policy(
    reader: Page, portal: Portal, name: str, found_paths: dict[str, str]
) -> None:
    complaints: list[str] = []
    reader.on(
        "console",
        lambda message: complaints.append(
            f"{message.type}: {message.text} {message.location['url']}"
        ),
    )
    reader.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    reader.goto(portal.url + found_paths.get(name, name))
    is_missing = name == "nowhere"
    errors = [text for text in complaints if text.startswith(("error", "warning"))]
    assert (reader.evaluate("window.forbidden"), len(errors)) == ([], is_missing), errors

    assert rules_broken(reader) == []
    reader.emulate_media(color_scheme="dark")
    assert rules_broken(reader, rules=["color-contrast"]) == []
    reader.set_viewport_size(NARROW)
    assert sideways(reader) == 0
    assert rules_broken(reader, rules=["target-size", "color-contrast"]) == []


@pytest.mark.parametrize("role", ["visitor"])
def test_what_the_policy_forbids_is_noted(reader: Page, portal: Portal) -> None:
    said: list[str] = []
    reader.on("console", lambda message: said.append(message.text))
    reader.goto(f"{portal.url}/about/")
    reader.evaluate(
        "() => { const script = document.createElement('script');"
        "script.textContent = 'window.ran = true'; document.body.append(script);"
        "document.body.setAttribute('style', 'color: red') }"
    )
    reader.wait_for_function("window.forbidden.length >= 2")
    assert reader.evaluate("window.ran") is None
    forbidden = reader.evaluate("window.forbidden")
    assert {text.split()[0] for text in forbidden} == {"script-src-elem", "style-src-attr"}
    assert any("Content Security Policy" in text for text in said)


@pytest.mark.parametrize("role", ["visitor"])
def test_what_axe_and_the_width_look_for_is_found(reader: Page, portal: Portal) -> None:
    reader.set_viewport_size(NARROW)
    reader.goto(f"{portal.url}/about/")
    reader.evaluate(
        "() => { const picture = document.createElement('img'); picture.src = '/nowhere.png';"
        "picture.style.minInlineSize = '400px'; document.querySelector('main').append(picture) }"
    )
    assert [text.split(":")[0] for text in rules_broken(reader)] == ["image-alt"]
    assert sideways(reader) > 0


@pytest.fixture(scope="session")
def without_script(browser: Browser, portal: Portal) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


@pytest.mark.parametrize("name", pages("visitor"))
def test_a_public_page_says_all_without_scripts(
    without_script: BrowserContext, portal: Portal, name: str, found_paths: dict[str, str]
) -> None:
    page = without_script.new_page()
    page.goto(portal.url + found_paths.get(name, name))
    expect(page.locator("main h1").first).to_be_visible()
    for form in page.locator("main form:visible").all():
        expect(form.locator("button:visible, input[type=submit]:visible").first).to_be_enabled()
    page.close()


def test_a_form_with_an_error_says_so_without_scripts_and_keeps_what_was_typed(
    without_script: BrowserContext, portal: Portal
) -> None:
    page = without_script.new_page()
    page.goto(f"{portal.url}/register/")
    page.get_by_label("First Name").fill("Tiwonge")
    page.get_by_label("Email address").fill("no address")
    page.locator("main form button:visible").last.click()
    summary = page.locator(".errors")
    expect(summary).to_be_visible()
    summary.get_by_role("link").first.click()
    assert page.url.partition("#")[2]
    expect(page.locator(f"[id='{page.url.partition('#')[2]}']")).to_be_visible()
    expect(page.get_by_label("First Name")).to_have_value("Tiwonge")
    expect(page.get_by_label("Email address")).to_have_value("no address")
    page.close()


def test_the_library_is_searched_without_scripts(
    without_script: BrowserContext, portal: Portal
) -> None:
    page = without_script.new_page()
    page.goto(f"{portal.url}/library/")
    page.get_by_role("searchbox").fill("exchange")
    page.get_by_role("searchbox").press("Enter")
    assert "q=exchange" in page.url
    expect(page.locator("main").get_by_role("link", name="Exchange").first).to_be_visible()
    page.close()
