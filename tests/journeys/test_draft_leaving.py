"""A form being left: what is saved on the way out, and what the device keeps of it for how long."""

import json
import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.journeys.steps import press
from tests.journeys.test_typed_survives import DESCRIPTION, OUTCOMES, kept_here, saved_by_itself
from tests.portal import MEMBER, Portal

AUTOSAVE = "**/submissions/autosave/"
OFFER = "Some of what you typed has not reached us"
HOURS = 3600 * 1000

# Types into a form and lets the page be left in one breath, before it would save by itself; returns
# how often the page asked for something in that breath.
LEAVE = """
([name, text, event]) => {
  const real = window.fetch;
  let asked = 0;
  window.fetch = (...how) => { asked += 1; return real(...how); };
  document.querySelector(`[name=${name}]`).value = text;
  if (event === "pagehide") dispatchEvent(new Event(event));
  else {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    document.dispatchEvent(new Event(event, { bubbles: true }));
    delete document.hidden;
  }
  window.fetch = real;
  return asked;
}
"""
IS_ASKED_BEFORE_LEAVING = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"

_SENT = f"""
import json
from organizations.models import User
from tests import factories
owner = User.objects.get(email="{MEMBER}")
sent = factories.submitted(owner, "demand")
print(json.dumps([owner.pk, str(sent.uuid)]))
"""


@pytest.fixture
def draft(portal: Portal, page: Page) -> Page:
    """A member at a Demand that is saved."""
    portal.log_in(page, MEMBER)
    page.goto(f"{portal.url}/demands/new/")
    page.get_by_label(DESCRIPTION).fill("The first words.")
    saved_by_itself(page)
    expect(page).to_have_url(re.compile("/edit/$"))
    return page


def test_a_page_that_is_left_or_hidden_saves_at_once(draft: Page) -> None:
    for event in ("pagehide", "visibilitychange"):
        with draft.expect_response(AUTOSAVE) as answer:
            assert draft.evaluate(LEAVE, ["outcomes", f"Typed before {event}.", event]) == 1
        assert answer.value.ok
        expect(draft.locator("#saved")).to_contain_text("Saved")
        draft.wait_for_timeout(300)
    draft.reload()
    expect(draft.get_by_label(OUTCOMES)).to_have_value("Typed before visibilitychange.")


def test_typing_on_after_a_conflict_replaces_nothing_and_is_not_left_unasked(draft: Page) -> None:
    theirs = draft.context.new_page()
    theirs.goto(draft.url)
    theirs.get_by_label(OUTCOMES).fill("From the other window.")
    saved_by_itself(theirs)
    draft.get_by_label(OUTCOMES).fill("From this window.")
    press(draft, "Save and go on later")
    expect(draft.get_by_role("heading", name="saved a newer version at")).to_be_visible()
    asked = asked_by(draft)
    draft.get_by_label(OUTCOMES).fill("From this window, and more.")
    draft.wait_for_timeout(4000)
    assert draft.evaluate(IS_ASKED_BEFORE_LEAVING) is True
    assert asked == []
    theirs.reload()
    expect(theirs.get_by_label(OUTCOMES)).to_have_value("From the other window.")


def test_who_types_where_nothing_can_be_kept_is_asked_before_leaving(draft: Page) -> None:
    draft.route(AUTOSAVE, lambda route: route.abort())
    draft.get_by_label(OUTCOMES).fill("Kept on the device.")
    expect(draft.locator("#saved")).to_contain_text("Not saved: no connection", timeout=15_000)
    assert draft.evaluate(IS_ASKED_BEFORE_LEAVING) is False
    draft.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    draft.get_by_label(OUTCOMES).fill("Neither here nor there.")
    draft.wait_for_timeout(1500)
    assert draft.evaluate(IS_ASKED_BEFORE_LEAVING) is True


def test_a_press_waits_for_the_saving_that_is_under_way(draft: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    draft.route(AUTOSAVE, hold, times=1)
    with draft.expect_request(AUTOSAVE):
        draft.get_by_label(OUTCOMES).fill("Saved, then sent.")
    asked = asked_by(draft)
    press(draft, "Save and go on later")
    draft.wait_for_timeout(500)
    assert asked == []
    held[0].continue_()
    expect(draft.get_by_text("Saved. You can go on at any time.")).to_be_visible()
    assert len(asked) == 1


def test_a_copy_is_offered_for_a_week_and_to_its_own_draft_alone(
    portal: Portal, draft: Page
) -> None:
    address = draft.url
    draft.route(AUTOSAVE, lambda route: route.abort())
    draft.get_by_label(OUTCOMES).fill("Typed in a tunnel.")
    expect(draft.locator("#saved")).to_contain_text("Not saved: no connection", timeout=15_000)
    [key] = kept_here(draft)
    copy = draft.evaluate("key => JSON.parse(localStorage.getItem(key))", key)
    # The page saves once more as it is left, so what the copy says must not be what it sends then.
    copy["entries"] = [
        [name, "Never sent." if name == "outcomes" else text] for name, text in copy["entries"]
    ]
    other = f"{key[:-36]}00000000-0000-4000-8000-000000000000"

    def comes_back_to(kept: str, hours: int) -> bool:
        """Whether the copy is offered that was kept under this key so long ago."""
        draft.goto(f"{portal.url}/about/")
        draft.evaluate(
            "([kept, copy, age]) => { localStorage.clear(); localStorage.setItem("
            "kept, JSON.stringify({ ...copy, at: Date.now() - age })) }",
            [kept, copy, hours * HOURS],
        )
        draft.goto(address)
        expect(draft.get_by_label(DESCRIPTION)).to_have_value("The first words.")
        return draft.get_by_text(OFFER).is_visible()

    assert comes_back_to(key, 7 * 24 - 1)
    assert not comes_back_to(key, 7 * 24 + 1)
    assert kept_here(draft) == []
    assert not comes_back_to(other, 1)
    assert kept_here(draft) == [other]


def test_the_receipt_forgets_the_copy_of_what_was_sent(portal: Portal, draft: Page) -> None:
    person, uuid = json.loads(portal.run(_SENT).splitlines()[-1])
    sent, other = f"draft {person} demand {uuid}", f"draft {person} demand another"
    draft.evaluate(
        "keys => keys.forEach(key => localStorage.setItem(key, JSON.stringify({ at: Date.now() })))",
        [sent, other],
    )
    draft.goto(f"{portal.url}/submissions/{uuid}/received/")
    assert kept_here(draft) == [other]


def asked_by(page: Page) -> list[str]:
    """The addresses that the page posts to from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            asked.append(request.url)

    page.on("request", note)
    return asked
