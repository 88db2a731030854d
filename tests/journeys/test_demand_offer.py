"""A Demand and an Offer from the empty form to the published page and its end, in a browser.

With a clarification round and a change on the way; the secretariat works in the admin.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.alliance.files import paper_samples as papers
from tests.factories import PASSWORD
from tests.journeys.owners import (
    clear_organization,
    let_it_end_in_a_week,
    let_the_proof_age,
    make_owner,
    prove_identity,
)
from tests.journeys.steps import press
from tests.portal import REVIEWER, SENIOR, Portal

pytestmark = pytest.mark.browser_context_args(reduced_motion="reduce")

GAP = "Between the river gauge and the last village there is no signal."
OUTCOME = "A warning reaches the village."
PRECISE_OUTCOME = "A warning reaches the last village within an hour."
NEW_GAP = "Between the river gauge and three of the villages there is no signal."


class Kind(NamedTuple):
    """What differs between the two forms in a browser."""

    name: str
    start: str
    title: str
    prefix: str
    support: str
    description: str
    stage: str


DEMAND = Kind(
    "Demand",
    "Demand: seek support",
    "Submission of Demand Form",
    "DEM",
    "peer-learning",
    "Please briefly describe the challenge, gap, or priority. (Max. 300 words)",
    "need-identified",
)
OFFER = Kind(
    "Offer",
    "Offer: give support",
    "Submission of Offer Form",
    "OFF",
    "expertise",
    "Please briefly describe your proposed contribution. (Max. 300 words)",
    "ideation",
)


@dataclass
class Case:
    """One journey: who walks it, in which browser, and what it is about."""

    portal: Portal
    desks: dict[str, Page]
    context: BrowserContext
    page: Page
    kind: Kind
    is_scripted: bool
    email: str
    institution: str
    reference: str = ""

    def at_the_desk(self, who: str) -> Page:
        """Somebody of the secretariat at this case."""
        page = self.desks[who]
        page.goto(f"{self.portal.url}/admin/submissions/submission/?queue=all&q={self.reference}")
        page.get_by_role("link", name=self.reference).click()
        return page

    def reopen(self) -> Page:
        """Close the tab and come back by way of the dashboard."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto(f"{self.portal.url}/dashboard/")
        return self.page


@pytest.fixture(scope="module")
def desks(portal: Portal, browser: Browser) -> Iterator[dict[str, Page]]:
    """A reviewer and a senior reviewer, each logged in with a browser of their own."""
    pages = {}
    for who in (REVIEWER, SENIOR):
        pages[who] = browser.new_context().new_page()
        portal.log_in(pages[who], who)
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.fixture(
    params=[(DEMAND, True), (OFFER, False), (OFFER, True), (DEMAND, False)],
    ids=lambda param: f"{param[0].name}-{'scripted' if param[1] else 'plain'}",
)
def case(
    request: pytest.FixtureRequest, portal: Portal, browser: Browser, desks: dict[str, Page]
) -> Iterator[Case]:
    kind, is_scripted = request.param
    name = f"{kind.name.lower()}.{secrets.token_hex(3)}"
    email, institution = f"{name}@example.org", f"River Authority of {name}"
    make_owner(portal, email, institution)
    context = browser.new_context(java_script_enabled=is_scripted, reduced_motion="reduce")
    page = context.new_page()
    portal.log_in(page, email, PASSWORD)
    yield Case(portal, desks, context, page, kind, is_scripted, email, institution)
    context.close()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "gauges.pdf"
    path.write_bytes(papers.pdf())
    return path


def test_from_the_empty_form_to_the_published_page_and_its_end(case: Case, plan: Path) -> None:
    write_draft(case, plan)
    send(case)
    ask(case)
    answer(case)
    settle(case)
    clear_organization(case.portal, case.institution)
    publish(case)
    pause_and_show_again(case)
    change(case)
    end(case)


def pill(page: Page) -> Locator:
    return page.locator("main .page-head .pill")


def tick(page: Page, name: str, *values: str) -> None:
    for value in values:
        page.locator(f"input[name={name}][value={value}]").check()


def keep(case: Case) -> None:
    """Save by hand, or wait until the page has done it."""
    if case.is_scripted:
        expect(case.page.locator("#saved")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    else:
        press(case.page, "Save and go on later")
        expect(case.page.get_by_text("Saved. You can go on at any time.")).to_be_visible()


def write_draft(case: Case, plan: Path) -> None:
    """Begin, leave, come back to what was typed, attach a document, fill in the rest."""
    page = case.page
    page.goto(f"{case.portal.url}/dashboard/")
    page.get_by_role("link", name=case.kind.start).click()
    expect(page.locator("h1")).to_have_text(case.kind.title)
    page.get_by_label(case.kind.description).fill(GAP)
    keep(case)
    expect(page).to_have_url(re.compile(r"/submissions/[0-9a-f-]{36}/edit/$"))

    page = case.reopen()
    page.locator("#drafts + p ~ .table").get_by_role("link", name=GAP.rstrip(".")).click()
    expect(page.get_by_label(case.kind.description)).to_have_value(GAP)
    page.locator("input[type=file]").set_input_files(plan)
    if not case.is_scripted:
        press(page, "Save and go on later")
    expect(page.locator("[data-documents]")).to_contain_text("gauges.pdf", timeout=20_000)

    press(page, "Check and submit")
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one answer.")
    expect(page.get_by_label(case.kind.description)).to_have_value(GAP)
    tick(page, "support", case.kind.support)
    tick(page, "themes", "climate", "drr-resilience")
    tick(page, "geography", "africa", "specific-countries")
    tick(page, "countries", "KE", "MW")
    tick(page, "modalities", "study-visit")
    page.get_by_label("Please indicate the main results").fill(OUTCOME)
    page.get_by_label("1. Expected timeframe").select_option("medium")
    page.get_by_label("2. Current stage").select_option(case.kind.stage)
    page.get_by_label("Links", exact=True).fill("example.org/gauges")
    press(page, "Check and submit")


def send(case: Case) -> None:
    """Check, prove who it is, submit: a number on the page, in the mail and in the copy."""
    page = case.page
    expect(page.locator("h1")).to_have_text("Check your answers")
    for words in (GAP, OUTCOME, "Kenya", "gauges.pdf", "https://example.org/gauges"):
        expect(page.locator("main")).to_contain_text(words)
    let_the_proof_age(case.portal, case.email)
    page.reload()
    press(page, "Confirm who I am, then submit")
    prove_identity(page)
    expect(page.locator("h1")).to_have_text("Check your answers")
    press(page, "Submit")
    expect(page.locator("h1")).to_have_text(f"We have received your {case.kind.name}")
    case.reference = page.locator("main strong.num").inner_text()
    assert re.fullmatch(rf"{case.kind.prefix}-\d{{4}}-\d{{6}}", case.reference)
    mail = case.portal.mail(case.email, f"We have received your {case.kind.name}")
    assert case.reference in mail.text
    copy = text_of_copy(page)
    assert case.reference in copy
    assert GAP in copy


def text_of_copy(page: Page) -> str:
    address = page.get_by_role("link", name="Copy as PDF").get_attribute("href") or ""
    answer = page.request.get(page.url.partition("/submissions/")[0] + address)
    document = pypdfium2.PdfDocument(answer.body())
    return " ".join(" ".join(each.get_textpage().get_text_range().split()) for each in document)


def ask(case: Case) -> None:
    """A reviewer asks about a field and about the whole."""
    page = case.at_the_desk(REVIEWER)
    expect(page.locator("main, #content").first).to_contain_text(GAP)
    expect(page.get_by_role("link", name="gauges.pdf")).to_be_visible()
    page.locator("#ask > summary").click()
    page.get_by_label("Question 1 is about").select_option("outcomes")
    page.get_by_label("Question 1", exact=True).fill("Within which time?")
    page.get_by_label("Question 2", exact=True).fill("Who reads the gauges?")
    press(page, "Send the questions")
    expect(page.locator("h2.sub .pill").first).to_have_text("Clarification requested")


def answer(case: Case) -> None:
    """Only the field that was asked about is open; nothing goes back before all is answered."""
    case.portal.mail(case.email, f"We have questions about {case.reference}")
    page = case.reopen()
    page.locator(".todo").first.get_by_role("link").click()
    expect(pill(page)).to_have_text("Action needed")
    form = page.locator("section[aria-labelledby=questions] form")
    assert open_fields(form) == ["outcomes", "answer", "answer"]
    form.locator("[name=outcomes]").fill(PRECISE_OUTCOME)
    answers = form.locator("[name^=answer_]")
    answers.first.fill("Within an hour.")
    press(page, "Send back to the secretariat")
    expect(page.get_by_role("alert")).to_contain_text("Answer the question “Who reads the gauges?”")
    expect(form.locator("[name=outcomes]")).to_have_value(PRECISE_OUTCOME)
    press(page, "Save")
    expect(page.get_by_text("Saved. Nothing is sent yet.")).to_be_visible()
    answers.last.fill("Two rangers.")
    press(page, "Send back to the secretariat")
    expect(page.get_by_text("Sent back. The secretariat goes on")).to_be_visible()
    expect(pill(page)).to_have_text("Received")


def open_fields(form: Locator) -> list[str]:
    """Names of what can be filled in; the numbers of questions left out."""
    controls = form.locator(":is(input, select, textarea)[name]:not([type=hidden])")
    names = controls.evaluate_all("controls => controls.map(control => control.name)")
    return [re.sub(r"_\d+$", "", name) for name in names]


def settle(case: Case) -> None:
    """The reviewer sees what differs and settles both questions."""
    page = case.at_the_desk(REVIEWER)
    changes = page.locator("section[aria-labelledby=changes]")
    expect(changes.locator("ins").first).to_contain_text("last")
    expect(changes).to_contain_text("unchanged")
    expect(page.get_by_text("Two rangers.")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^Mark as settled")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Open it again"))).to_have_count(2)


def publish(case: Case) -> None:
    """A senior decides, edits the letter and publishes both."""
    page = case.at_the_desk(SENIOR)
    page.get_by_label("Decision", exact=True).select_option(label="Publish")
    page.get_by_label("Reason", exact=True).first.select_option(label="Meets the criteria")
    page.get_by_label("Explanation for the file").fill("A clear need, well described.")
    press(page, "Keep as pending decision")
    letter = page.get_by_label("Letter to the applicant")
    expect(letter).to_have_value(re.compile(rf"\({case.reference}\) is now published\."))
    letter.fill("Dear Wanjiru Mwangi,\n\nwe publish this with pleasure.")
    press(page, "Go on to publishing")
    press(page, "Publish and send the letter")
    expect(page.locator("h2.sub .pill").first).to_have_text("Published")
    letter_sent = case.portal.mail(case.email, f"The decision on your {case.kind.name}")
    assert "we publish this with pleasure." in letter_sent.text


def pause_and_show_again(case: Case) -> None:
    page = case.page
    page.reload()
    expect(pill(page)).to_have_text("Published")
    expect(page.get_by_text("we publish this with pleasure.")).to_be_visible()
    press(page, "Pause")
    expect(pill(page)).to_have_text("Paused")
    press(page, "Show again")
    expect(pill(page)).to_have_text("Published")


def change(case: Case) -> None:
    """A change waits for a senior; until then what is published stays as it is."""
    page = case.page
    detail = page.url
    page.get_by_role("link", name="Change what is published").click()
    page.get_by_label(case.kind.description).fill(NEW_GAP)
    press(page, "Check and send the change")
    expect(page.locator("h1")).to_have_text("Check your answers")
    press(page, "Send the change")
    expect(page.get_by_text("waits for the secretariat.")).to_be_visible()
    desk = case.at_the_desk(SENIOR)
    waiting = desk.locator("section[aria-labelledby=change]")
    expect(waiting.locator("ins").first).to_contain_text("three of")
    press(desk, "Accept and show it")
    expect(waiting).to_have_count(0)
    case.portal.mail(case.email, f"Your change to {case.reference} is published")
    page.goto(detail)
    expect(page.get_by_text("waits for the secretariat.")).to_have_count(0)
    expect(page.locator("section[aria-labelledby=answers]")).to_contain_text(NEW_GAP)


def end(case: Case) -> None:
    """Near its end it is renewed; then it is marked as fulfilled, for good."""
    page = case.page
    let_it_end_in_a_week(case.portal, case.reference)
    page.reload()
    press(page, "Renew for 12 months")
    expect(page.get_by_text("Renewed for another 12 months.")).to_be_visible()
    page.get_by_role("link", name="Mark as fulfilled").click()
    expect(page.locator("h1")).to_have_text(f"Mark {case.reference} as fulfilled?")
    press(page, "Mark as fulfilled")
    expect(pill(page)).to_have_text("Fulfilled")
    page.goto(f"{case.portal.url}/dashboard/")
    expect(page.locator("main")).to_contain_text("Closed submissions (1)")
