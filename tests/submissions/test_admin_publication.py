"""Demands and Offers on the secretariat's pages: decided, changed, paused, their documents read."""

import pytest
from django.test import Client
from django.urls import reverse

from alliance.models import OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.models import Change, Decision, Submission
from tests import factories
from tests.submissions.publishing import change
from tests.submissions.test_admin_review import act, decision_data, listed, page

NEWER = "Forecasts reach nobody without a mobile network. We look for radio partners."


def test_the_queue_holds_every_kind_and_filters_by_it(reviewer_client: Client, owner: User) -> None:
    rows = {
        "eoi": factories.submitted(owner),
        "demand": factories.demand(owner),
        "offer": factories.offer(owner),
    }
    assert listed(reviewer_client) == [row.reference for row in rows.values()]
    for kind, row in rows.items():
        assert listed(reviewer_client, f"?kind={kind}") == [row.reference]
    text = reviewer_client.get("/admin/submissions/submission/").text
    for row in rows.values():
        assert row.get_kind_display() in text


def test_what_a_senior_can_decide_stands_under_for_decision(
    reviewer_client: Client, owner: User, reviewer: User
) -> None:
    demand = factories.demand(owner)
    factories.submitted(owner)
    factories.offer(owner, status="published")
    assert listed(reviewer_client, "?queue=decision") == [demand.reference]


def test_changes_that_wait_have_a_tab_of_their_own(reviewer_client: Client, owner: User) -> None:
    waiting = factories.demand(owner, status="published")
    change(waiting, owner, NEWER)
    ended = factories.demand(owner, status="published")
    change(ended, owner, NEWER)
    actions.close(ended, by=owner)
    factories.offer(owner, status="published")
    assert listed(reviewer_client, "?queue=changes") == [waiting.reference]
    tabs = reviewer_client.get("/admin/submissions/submission/").context["tabs"]
    assert [tab["count"] for tab in tabs if "changes" in tab["address"]] == ["1"]


@pytest.mark.parametrize("make", [factories.demand, factories.offer])
def test_a_demand_or_offer_is_published_through_the_pages(
    senior_client: Client, owner: User, make: type
) -> None:
    submission = make(owner)
    factories.clear(submission.organization)
    body = senior_client.get(page(submission)).text
    assert "your " + submission.get_kind_display() in body  # the usual letters name the kind
    assert "Approve" not in body
    response = senior_client.post(
        act("decide", submission), decision_data(outcome="publish"), follow=True
    )
    assert "The decision is pending." in response.text
    decision = Decision.objects.get()
    assert "is now published" in decision.letter
    shown = senior_client.get(act("confirm", submission, decision.pk))
    senior_client.post(act("publish", submission, decision.pk), {"read": shown.context["read"]})
    submission.refresh_from_db()
    assert submission.status == "published"
    assert "is now published" in OutgoingMail.objects.get(message="decision_published").text


def test_an_uncleared_organization_is_named_as_the_hindrance_and_the_text_stays(
    senior_client: Client, owner: User
) -> None:
    submission = factories.demand(owner)
    typed = decision_data(outcome="publish", explanation="It answers a need in six countries.")
    response = senior_client.post(act("decide", submission), typed)
    assert response.status_code == 409
    assert "The due diligence of this organization is not finished" in response.text
    assert "It answers a need in six countries." in response.text


def test_a_reason_to_approve_is_no_reason_to_decline(senior_client: Client, owner: User) -> None:
    response = senior_client.post(
        act("decide", factories.offer(owner)), decision_data(outcome="decline")
    )
    assert response.status_code == 422
    assert "This reason does not fit the decision." in response.text


def test_who_decides_second_keeps_the_text_that_has_no_form_any_more(
    senior_client: Client, owner: User
) -> None:
    submission = factories.demand(owner)
    factories.clear(submission.organization)
    other = factories.staff("Senior reviewer", first_name="Kofi")
    actions.decide(
        submission,
        by=other,
        outcome="publish",
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation="Good.",
        letter="Dear colleague",
    )
    typed = {"explanation": "Three partners asked for it.", "letter": "A letter of two hours."}
    response = senior_client.post(
        act("decide", submission),
        decision_data(outcome="decline", reason_code="other", **typed),
    )
    assert response.status_code == 409
    assert f"{other} has decided already" in response.text
    for text in ("What you typed, to be copied", "A letter of two hours.", typed["explanation"]):
        assert text in response.text


def test_who_edits_the_letter_when_it_is_published_already_keeps_the_text(
    senior_client: Client, owner: User
) -> None:
    submission = factories.demand(owner)
    factories.clear(submission.organization)
    other = factories.staff("Senior reviewer")
    factories.decided(submission, "publish", by=other)
    decision = Decision.objects.get()
    response = senior_client.post(
        act("letter", submission, decision.pk), {"letter": "Another letter, also long."}
    )
    assert response.status_code == 409
    assert f"{other} has published this decision already." in response.text
    assert "Another letter, also long." in response.text


def test_a_change_is_shown_beside_what_is_published_and_accepted(
    senior_client: Client, owner: User
) -> None:
    submission = factories.demand(owner, status="published")
    sent = change(submission, owner, NEWER)
    body = senior_client.get(page(submission)).text
    assert "A change waits to be accepted" in body
    assert "radio" in body.partition("A change waits")[2].partition("Accept and show it")[0]
    response = senior_client.post(act("accept_change", submission, sent.pk), follow=True)
    assert "The new version is shown from now on." in response.text
    assert Submission.objects.get().shown_revision == sent.revision
    again = senior_client.post(act("accept_change", submission, sent.pk))
    assert again.status_code == 409


def test_a_change_is_refused_with_words(senior_client: Client, owner: User) -> None:
    submission = factories.offer(owner, status="published")
    sent = change(submission, owner, NEWER)
    address = act("refuse_change", submission, sent.pk)
    assert senior_client.post(address, {"reason": ""}).status_code == 422
    senior_client.post(address, {"reason": "Please leave the names out."})
    assert Change.objects.get().outcome == "refused"
    late = senior_client.post(address, {"reason": "And the numbers, which are wrong."})
    assert late.status_code == 409
    assert "And the numbers, which are wrong." in late.text


def test_a_reviewer_reads_a_change_and_may_not_settle_it(
    reviewer_client: Client, owner: User
) -> None:
    submission = factories.demand(owner, status="published")
    sent = change(submission, owner, NEWER)
    body = reviewer_client.get(page(submission)).text
    assert "A senior reviewer accepts or refuses it." in body
    assert "Accept and show it" not in body
    assert reviewer_client.post(act("accept_change", submission, sent.pk)).status_code == 409
    assert Change.objects.get().outcome == "waiting"


def test_a_change_of_another_case_is_not_found(senior_client: Client, owner: User) -> None:
    first = factories.demand(owner, status="published")
    second = factories.demand(owner, status="published")
    sent = change(first, owner, NEWER)
    assert senior_client.post(act("accept_change", second, sent.pk)).status_code == 404


@pytest.mark.parametrize(("arrow", "status"), [("pause", "paused"), ("close", "closed")])
def test_a_senior_takes_off_the_board_what_should_not_stand_there(
    senior_client: Client, owner: User, arrow: str, status: str
) -> None:
    submission = factories.demand(owner, status="published")
    assert senior_client.post(act("step", submission, arrow), {"reason": ""}).status_code == 422
    senior_client.post(act("step", submission, arrow), {"reason": "It names a person."})
    submission.refresh_from_db()
    assert submission.status == status
    assert "It names a person." in OutgoingMail.objects.get(message="publication_changed").text


def test_a_reviewer_pauses_and_closes_nothing(reviewer_client: Client, owner: User) -> None:
    submission = factories.demand(owner, status="published")
    assert "Pause" not in reviewer_client.get(page(submission)).text.partition("<aside")[0]
    for arrow in ("pause", "close"):
        response = reviewer_client.post(act("step", submission, arrow), {"reason": "I think so."})
        assert (response.status_code, "I think so." in response.text) == (409, True)
    submission.refresh_from_db()
    assert submission.status == "published"


def test_staff_read_documents_that_a_scan_found_clean_and_no_others(
    reviewer_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, "demand")
    attachment = factories.attachment(draft, by=owner)
    submission = factories.submit_draft(draft, by=owner)
    body = reviewer_client.get(page(submission)).text
    assert attachment.name in body
    address = reverse(
        "admin:submissions_submission_attachment", args=[submission.pk, attachment.pk]
    )
    assert address in body
    response = reviewer_client.get(address)
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    type(attachment).objects.update(scan="failed", scan_due_at=attachment.added_at)
    assert reviewer_client.get(address).status_code == 403
    assert address not in reviewer_client.get(page(submission)).text


def test_documents_of_drafts_other_cases_and_own_organizations_stay_closed(
    reviewer_client: Client, reviewer: User, owner: User
) -> None:
    draft = factories.draft(owner, "demand")
    attachment = factories.attachment(draft, by=owner)
    name = "admin:submissions_submission_attachment"
    assert reviewer_client.get(reverse(name, args=[draft.pk, attachment.pk])).status_code == 404
    submission = factories.submit_draft(draft, by=owner)
    other = factories.demand(owner)
    assert reviewer_client.get(reverse(name, args=[other.pk, attachment.pk])).status_code == 404
    place = submission.organization
    place.memberships.create(user=reviewer, role="reader", function="Board member")
    address = reverse(name, args=[submission.pk, attachment.pk])
    assert reviewer_client.get(address).status_code == 403
