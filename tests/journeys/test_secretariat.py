"""Two reviewers and a senior reviewer on one Expression of Interest, each in a browser.

From the queue through screening, clarification, escalation and a pending decision to the letter.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import PASSWORD
from tests.journeys.owners import make_owner
from tests.journeys.steps import begin_checks, clear, press, take_step
from tests.portal import COLLEAGUE, REVIEWER, SENIOR, Portal

OLD = "We measure rain."
NEW = "We measure rain at forty gauges, each of them read by a school."


@dataclass
class Case:
    """An application, its owner, and the three desks at which it is worked on."""

    portal: Portal
    desks: dict[str, Page]
    owner: Page
    email: str
    institution: str
    reference: str

    def open(self, who: str) -> Page:
        """The case at somebody's desk, found by its number."""
        page = self.desks[who]
        page.goto(f"{self.portal.url}/admin/submissions/submission/?queue=all&q={self.reference}")
        page.get_by_role("link", name=self.reference).click()
        return page


@pytest.fixture
def case(portal: Portal, browser: Browser) -> Iterator[Case]:
    name = f"desk.{secrets.token_hex(3)}"
    email, institution = f"{name}@example.org", f"Rain Institute of {name}"
    make_owner(portal, email, institution)
    sent = portal.run(
        "from organizations.models import User\n"
        "from tests import factories\n"
        f"owner = User.objects.get(email={email!r})\n"
        f"print(factories.submitted(owner, name={institution!r}, description={OLD!r}).reference)"
    )
    pages = {who: browser.new_context().new_page() for who in (REVIEWER, COLLEAGUE, SENIOR, email)}
    for who, page in pages.items():
        portal.log_in(page, who, PASSWORD if who == email else "")
    yield Case(portal, pages, pages[email], email, institution, sent.split()[-1])
    for page in pages.values():
        page.context.close()


def test_two_reviewers_and_a_senior_take_a_case_from_the_queue_to_its_letter(case: Case) -> None:
    take_from_the_queue(case)
    tell_the_colleague(case)
    see_each_other(case)
    ask(case)
    answer(case)
    read_what_changed(case)
    screen_and_escalate(case)
    return_and_clear(case)
    decide(case)
    publish(case)
    read_the_letter(case)
    reopen(case)


def state(page: Page) -> str:
    return page.locator("h2.sub .pill").first.inner_text()


def take_from_the_queue(case: Case) -> None:
    """The reviewer finds the newcomer among what is nobody's, and takes it up."""
    page = case.desks[REVIEWER]
    page.goto(f"{case.portal.url}/admin/")
    page.locator(".start").first.get_by_role("link", name=re.compile("Nobody's yet")).click()
    page.goto(
        f"{case.portal.url}/admin/submissions/submission/?queue=unassigned&q={case.reference}"
    )
    row = page.locator("tr", has=page.get_by_role("link", name=case.reference))
    expect(row).to_contain_text(case.institution)
    row.locator("input[type=checkbox]").check()
    press(page, "Start the review")
    expect(page.locator(".messagelist")).to_be_visible()
    case.open(REVIEWER)
    expect(page.locator("h2.sub .pill").first).to_have_text("Eligibility screening")
    expect(page.locator(".review-side")).to_contain_text("Ana Duarte")


def tell_the_colleague(case: Case) -> None:
    """A note that mentions the colleague: a mail and a line on the first page say so."""
    page = case.open(REVIEWER)
    notes = page.locator("section.internal")
    notes.locator("textarea").fill("Is this the institute that we met in Mzuzu?")
    notes.locator("summary").click()
    page.get_by_label("Kofi Mensah").check()
    press(page, "Keep the note")
    case.portal.mail(COLLEAGUE, case.reference)


def see_each_other(case: Case) -> None:
    """The colleague comes from the first page to the same case: each page names the other."""
    colleague = case.desks[COLLEAGUE]
    colleague.goto(f"{case.portal.url}/admin/")
    colleague.get_by_role("link", name=re.compile(case.reference)).first.click()
    expect(colleague.locator(".presence")).to_contain_text("Ana Duarte")
    reviewer = case.open(REVIEWER)
    expect(reviewer.locator(".presence")).to_contain_text("Kofi Mensah")
    expect(colleague.locator("section.internal")).to_contain_text("that we met in Mzuzu?")


def ask(case: Case) -> None:
    page = case.open(COLLEAGUE)
    page.locator("#ask > summary").click()
    page.get_by_label("Question 1 is about").select_option("description")
    page.get_by_label("Question 1", exact=True).fill("At how many gauges?")
    press(page, "Send the questions")
    expect(page.locator("h2.sub .pill").first).to_have_text("Clarification requested")


def answer(case: Case) -> None:
    """Only the field that was asked about is open; what was written inside is nowhere to be seen."""
    case.portal.mail(case.email, f"We have questions about {case.reference}")
    page = case.owner
    page.goto(f"{case.portal.url}/dashboard/")
    page.locator(".todo").first.get_by_role("link").click()
    form = page.locator("section[aria-labelledby=questions] form")
    form.locator("[name=description]").fill(NEW)
    form.locator("[name^=answer_]").fill("At forty.")
    assert "Mzuzu" not in page.content()
    press(page, "Send back to the secretariat")
    expect(page.get_by_text("Sent back. The secretariat goes on")).to_be_visible()


def read_what_changed(case: Case) -> None:
    page = case.open(COLLEAGUE)
    expect(page.locator("section[aria-labelledby=changes] ins").first).to_contain_text("forty")
    page.get_by_role("button", name=re.compile("^Mark as settled")).click()
    press(page, "Eligible: go on to due diligence")
    expect(page.locator("h2.sub .pill").first).to_have_text("Due diligence")


def screen_and_escalate(case: Case) -> None:
    """The checks are answered, the names compared; one thing is for a senior reviewer."""
    page = case.open(REVIEWER)
    page.get_by_role("link", name="Checks, hits and steps").click()
    begin_checks(page)
    take_step(page, "Escalate", "Its board changed last week: please look at this, too.")
    expect(page.locator("h2.sub .pill").first).to_have_text("Escalated")


def return_and_clear(case: Case) -> None:
    """The senior sends it back with a word; the reviewer clears once the names are compared."""
    senior = case.open(SENIOR)
    senior.get_by_role("link", name="Checks, hits and steps").click()
    take_step(senior, "Review again", "The new board is on the website of the ministry.")
    page = case.open(REVIEWER)
    page.get_by_role("link", name="Checks, hits and steps").click()
    expect(page.locator("#content")).to_contain_text("The new board is on the website")
    clear(page)


def decide(case: Case) -> None:
    """Reviewers put it up, and have no button to decide; the senior decides, nothing leaves yet."""
    page = case.open(REVIEWER)
    press(page, "Put up for decision")
    expect(page.get_by_text("A senior reviewer decides now.")).to_be_visible()
    expect(page.get_by_label("Decision", exact=True)).to_have_count(0)
    senior = case.open(SENIOR)
    senior.get_by_label("Decision", exact=True).select_option(label="Approve")
    senior.get_by_label("Reason", exact=True).first.select_option(label="Meets the criteria")
    senior.get_by_label("Explanation for the file").fill("Forty schools that read gauges.")
    press(senior, "Keep as pending decision")
    expect(senior.get_by_role("heading", name="Pending decision: Approve")).to_be_visible()
    case.owner.reload()
    expect(case.owner.locator("main .page-head .pill")).to_have_text("Under review")


def publish(case: Case) -> None:
    """The letter is edited, then read once more beside who gets it, then sent."""
    page = case.open(SENIOR)
    letter = page.get_by_label("Letter to the applicant")
    expect(letter).to_have_value(re.compile("has been approved"))
    letter.fill(letter.input_value() + "\n\nPlease greet the forty schools from us.")
    press(page, "Go on to publishing")
    expect(page.locator("#content")).to_contain_text("Please greet the forty schools from us.")
    expect(page.locator("#content")).to_contain_text(case.email)
    assert state(case.open(REVIEWER)) == "For decision"
    press(page, "Publish and send the letter")
    assert state(case.open(SENIOR)) == "Approved"


def read_the_letter(case: Case) -> None:
    sent = case.portal.mail(case.email, "The decision on your")
    assert "Please greet the forty schools from us." in sent.text
    page = case.owner
    page.reload()
    expect(page.locator("main .page-head .pill")).to_have_text("Approved")
    expect(page.locator("main")).to_contain_text("Please greet the forty schools from us.")


def reopen(case: Case) -> None:
    """Only a senior takes it up again, with a reason; the trail tells all of it, and is whole."""
    reviewer = case.open(REVIEWER)
    expect(reviewer.get_by_text("Take this case up again")).to_have_count(0)
    page = case.open(SENIOR)
    page.get_by_text("Take this case up again").click()
    page.locator("details[open] textarea").last.fill("The institute asked us to look once more.")
    press(page, "Reopen")
    expect(page.locator("h2.sub .pill").first).to_have_text("Eligibility screening")
    for told in ("Kofi Mensah", "Ana Duarte", "Samuel Okello"):
        expect(page.locator(".review-side")).to_contain_text(told)
    case.portal.run("from django.core.management import call_command; call_command('verify_trail')")
