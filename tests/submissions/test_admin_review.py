"""The secretariat's pages: the queue, the review page, and what is done there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.models import OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.models import Submission
from tests import factories
from tests.submissions.asking import answered, asked

QUEUE = "/admin/submissions/submission/"


def page(submission: Submission) -> str:
    return reverse("admin:submissions_submission_change", args=[submission.pk])


def act(name: str, submission: Submission, *more: str | int) -> str:
    return reverse(f"admin:submissions_submission_{name}", args=[submission.pk, *more])


def decision_data(**changes: Any) -> dict[str, Any]:
    return {
        "outcome": "approve",
        "reason_code": "meets-criteria",
        "explanation": "A clear link to articulated needs.",
        "letter": "",
    } | changes


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{QUEUE}{query}")
    return [row.reference for row in response.context["page"].rows]


def test_the_queue_shows_what_waits_for_the_secretariat_oldest_first(
    reviewer_client: Client, reviewer: User
) -> None:
    owners = [factories.member(factories.organization(), "owner") for _ in range(3)]
    rows = [factories.submitted(owner) for owner in owners]
    actions.withdraw(rows[1], by=owners[1])
    factories.draft(factories.member(factories.organization(), "owner"))
    assert listed(reviewer_client) == [rows[0].reference, rows[2].reference]
    assert set(listed(reviewer_client, "?queue=all")) == {row.reference for row in rows}
    actions.start_review(rows[2], by=reviewer)
    assert listed(reviewer_client, "?queue=mine") == [rows[2].reference]
    assert listed(reviewer_client, "?queue=unassigned") == [rows[0].reference]


def test_an_unknown_tab_shows_the_first_one(reviewer_client: Client, owner: User) -> None:
    submission = factories.submitted(owner)
    assert listed(reviewer_client, "?queue=nonsense") == [submission.reference]


def test_the_review_page_lays_the_answers_out_and_offers_the_next_step(
    reviewer_client: Client, owner: User
) -> None:
    submission = factories.submitted(
        owner,
        "eoi",
        **{
            "confirm_dd-conflict": None,
            "cannot_dd-conflict": "on",
            "why_dd-conflict": "A board member works for UNDP.",
        },
    )
    response = reviewer_client.get(page(submission))
    body = response.content.decode()
    assert "7. Brief description of your institution (max. 150 words)" in body
    assert body.index("A board member works for UNDP.") < body.index("Brief description")
    assert [arrow.name for arrow in response.context["steps"]] == ["start_review"]
    assert response.context["decision_form"] is None


def test_a_case_is_reviewed_decided_and_published_through_the_pages(
    reviewer_client: Client, senior_client: Client, owner: User
) -> None:
    submission = factories.submitted(owner)
    factories.clear(submission.organization)
    for step in ("start_review", "confirm_eligibility", "put_for_decision"):
        response = reviewer_client.post(act("step", submission, step))
        assert response["Location"] == page(submission)
    senior_client.post(act("decide", submission), decision_data())
    decision = submission.decisions.get()
    assert "has been approved" in decision.letter
    assert owner.get_full_name() in decision.letter

    edited = {"letter": f"{decision.letter}\n\nP.S. Welcome", "confirm": ""}
    shown = senior_client.post(act("letter", submission, decision.pk), edited, follow=True)
    assert not OutgoingMail.objects.filter(message="decision_published").exists()
    senior_client.post(act("publish", submission, decision.pk), {"read": shown.context["read"]})

    submission.refresh_from_db()
    assert submission.status == "approved"
    assert "P.S. Welcome" in OutgoingMail.objects.get(message="decision_published").text


def test_a_reviewer_is_offered_no_decision_and_refused_one(
    reviewer_client: Client, reviewer: User, owner: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    shown = reviewer_client.get(page(submission))
    assert shown.context["decision_form"] is None
    assert (
        "A senior reviewer decides now. Until then you can still ask the applicant." in shown.text
    )
    response = reviewer_client.post(act("decide", submission), decision_data())
    assert response.status_code == 409
    assert submission.decisions.count() == 0


def test_what_was_typed_survives_a_refusal(
    senior_client: Client, senior: User, reviewer: User, owner: User
) -> None:
    submission = factories.submitted(owner)
    response = senior_client.post(
        act("decide", submission), decision_data(letter="Dear all, a long letter")
    )
    assert response.status_code == 409
    assert "Dear all, a long letter" in response.content.decode()
    assert "it is now “Received”" in response.content.decode()


def test_a_decision_without_a_reason_is_asked_for_one(
    senior_client: Client, reviewer: User, owner: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    response = senior_client.post(act("decide", submission), decision_data(explanation=""))
    assert response.status_code == 422
    assert "Say in a sentence why." in response.content.decode()


def test_a_pending_decision_can_be_dropped(
    senior_client: Client, reviewer: User, owner: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    senior_client.post(
        act("decide", submission), decision_data(outcome="decline", reason_code="integrity")
    )
    senior_client.post(act("drop", submission, submission.decisions.get().pk))
    assert submission.decisions.get().dropped_at is not None
    assert not submission.decisions.pending().exists()


def test_a_note_is_for_staff_only(
    reviewer_client: Client, owner: User, owner_client: Client
) -> None:
    submission = factories.submitted(owner)
    reviewer_client.post(act("note", submission), {"text": "Ask UNDP Malawi first"})
    assert "Ask UNDP Malawi first" in reviewer_client.get(page(submission)).content.decode()
    member_page = owner_client.get(submission.get_absolute_url()).content.decode()
    assert submission.reference is not None
    assert submission.reference in member_page
    assert "Ask UNDP Malawi first" not in member_page


def test_nobody_opens_the_case_of_their_own_organization(owner: User, reviewer: User) -> None:
    place = owner.memberships.get().organization
    place.memberships.create(user=reviewer, role="reader", function="Board member")
    submission = factories.submitted(owner)
    client = factories.logged_in(reviewer)
    assert client.get(page(submission)).status_code == 403
    assert client.post(act("step", submission, "start_review")).status_code == 403


def test_a_draft_is_not_found_by_the_secretariat(reviewer_client: Client, owner: User) -> None:
    assert reviewer_client.get(page(factories.draft(owner))).status_code == 404


def test_the_timeline_tells_staff_who_did_what(
    reviewer_client: Client, reviewer: User, owner: User
) -> None:
    submission = factories.submitted(owner)
    actions.start_review(submission, by=reviewer)
    moments = reviewer_client.get(page(submission)).context["moments"]
    assert [str(moment.title) for moment in moments] == ["Review begun", "Received", "Draft begun"]
    assert moments[0].note.endswith(str(reviewer))


def test_publishing_acts_on_the_decision_that_the_page_showed_and_no_other(
    senior_client: Client, senior: User, reviewer: User, owner: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    senior_client.post(act("decide", submission), decision_data())
    seen = submission.decisions.get()
    read = senior_client.get(act("confirm", submission, seen.pk)).context["read"]
    actions.drop_decision(seen, by=senior)
    declined = decision_data(outcome="decline", reason_code="integrity")
    senior_client.post(act("decide", submission), declined)

    response = senior_client.post(act("publish", submission, seen.pk), {"read": read})

    assert response.status_code == 409
    assert "has dropped this decision" in response.content.decode()
    submission.refresh_from_db()
    assert submission.status == "for_decision"
    assert not OutgoingMail.objects.filter(message="decision_published").exists()


def test_a_refusal_is_drafted_with_its_reason(
    senior_client: Client, reviewer: User, owner: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    data = decision_data(outcome="decline", reason_code="not-relevant")
    senior_client.post(act("decide", submission), data)
    letter = submission.decisions.get().letter
    assert "The reason: Not relevant to articulated needs." in letter


@pytest.mark.parametrize("number", ["²", "9" * 30, "x"])
def test_an_address_that_names_no_case_is_not_found(senior_client: Client, number: str) -> None:
    assert senior_client.get(f"{QUEUE}{number}/change/").status_code == 404


def test_the_queue_leaves_out_what_a_reviewer_may_not_review(owner: User, reviewer: User) -> None:
    place = owner.memberships.get().organization
    place.memberships.create(user=reviewer, role="reader", function="Board member")
    factories.submitted(owner)
    assert listed(factories.logged_in(reviewer)) == []


def test_a_reason_that_does_not_fit_the_decision_is_refused(
    senior_client: Client, reviewer: User, owner: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    response = senior_client.post(
        act("decide", submission), decision_data(reason_code="not-eligible")
    )
    assert response.status_code == 422
    assert "This reason does not fit the decision." in response.content.decode()
    offered = [
        value for value, _label in response.context["decision_form"]["outcome"].field.choices
    ]
    assert offered == ["", "approve", "approve_with_conditions", "decline"]


def test_the_page_leads_with_what_changed_since_this_reviewer_last_acted(
    reviewer_client: Client, senior_client: Client, reviewer: User, senior: User, owner: User
) -> None:
    submission = factories.demand(owner, description="Gauges that are read once a day.")
    actions.write_note(submission, by=senior, text="Read on Monday.")
    words = ("We read them twice.", "We read them once an hour.")
    for text in words:
        submission = answered(asked(submission, reviewer, "description"), owner, description=text)
    compared = {
        name: client.get(page(submission)).context["difference"].before.number
        for name, client in (("reviewer", reviewer_client), ("senior", senior_client))
    }
    assert compared == {"reviewer": 2, "senior": 1}
    shown = senior_client.get(page(submission)).text
    assert shown.index("Changed since you last worked on it") < shown.index("Questions, round")
    actions.write_note(submission, by=senior, text="Read again.")
    assert "Changed since you last worked on it" not in senior_client.get(page(submission)).text
