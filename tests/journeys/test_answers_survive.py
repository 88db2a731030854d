"""What somebody types to answer the secretariat's questions survives a lost line and a closed tab."""

from playwright.sync_api import Page, expect

from tests.journeys.steps import press
from tests.journeys.test_typed_survives import kept_here, saved_by_itself
from tests.portal import MEMBER, REVIEWER, Portal

ANSWER = "Your answer to the secretariat"
OUTCOMES = "Please indicate the main results"
ASK = f"""
from organizations.models import User
from tests import factories
from tests.submissions.asking import asked
demand = factories.demand(User.objects.get(email="{MEMBER}"))
print(asked(demand, User.objects.get(email="{REVIEWER}"), "outcomes").submission.uuid)
"""


def test_answers_are_saved_while_they_are_typed_and_kept_while_the_line_is_lost(
    portal: Portal, page: Page
) -> None:
    address = f"{portal.url}/submissions/{portal.run(ASK).split()[-1]}/"
    portal.log_in(page, MEMBER)
    context = page.context
    page.goto(address)
    page.get_by_label(ANSWER).fill("Typed on a good line.")
    saved_by_itself(page)
    context.set_offline(True)
    page.get_by_role("textbox", name=OUTCOMES).fill("Typed in a tunnel.")
    expect(page.locator("#saved")).to_contain_text("Not saved: no connection", timeout=15_000)
    page.close()

    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_label(ANSWER)).to_have_value("Typed on a good line.")
    press(page, "Bring it back")
    expect(page.get_by_role("textbox", name=OUTCOMES)).to_have_value("Typed in a tunnel.")
    saved_by_itself(page)
    assert kept_here(page) == []
    press(page, "Send back to the secretariat")
    expect(page.get_by_text("Sent back. The secretariat goes on")).to_be_visible()
    assert kept_here(page) == []
