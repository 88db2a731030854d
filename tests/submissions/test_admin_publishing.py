"""The last look before a decision is published: exactly what goes out, to whom, or nothing."""

import pytest
from django.test import Client

from alliance.models import OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.models import Decision
from tests import factories
from tests.submissions.test_admin_review import act, page


@pytest.fixture
def decision(owner: User, reviewer: User, senior: User) -> Decision:
    submission = factories.for_decision(owner, reviewer=reviewer)
    return actions.decide(
        submission,
        by=senior,
        outcome="decline",
        reason=factories.term("decision-reason", "not-relevant"),
        explanation="No link to a need.",
        letter="Dear colleague,\n\nwe are sorry.",
    )


def confirm(decision: Decision) -> str:
    return act("confirm", decision.submission, decision.pk)


def publish(client: Client, decision: Decision, read: str) -> int:
    address = act("publish", decision.submission, decision.pk)
    return client.post(address, {"read": read}).status_code


def published() -> list[tuple[str, str, str]]:
    mails = OutgoingMail.objects.filter(message="decision_published").order_by("pk")
    return list(mails.values_list("recipient", "subject", "text"))


def test_what_is_shown_last_is_what_is_sent_to_the_letter(
    senior_client: Client, decision: Decision
) -> None:
    response = senior_client.get(confirm(decision))
    shown = [
        (letter.person.email, letter.subject, letter.text) for letter in response.context["letters"]
    ]
    assert "State: Not approved." in shown[0][2]
    for _email, subject, _text in shown:
        assert subject in response.text
    assert published() == []

    assert publish(senior_client, decision, response.context["read"]) == 302

    assert published() == shown


def test_a_letter_that_a_colleague_has_edited_since_does_not_go_out_unread(
    senior_client: Client, decision: Decision
) -> None:
    read = senior_client.get(confirm(decision)).context["read"]
    other = factories.staff("Senior reviewer")
    actions.edit_letter(decision, by=other, letter="Dear colleague,\n\nsomething else.")
    assert publish(senior_client, decision, read) == 409
    assert published() == []
    again = senior_client.get(confirm(decision)).context["read"]
    assert publish(senior_client, decision, again) == 302


def test_a_letter_does_not_go_to_somebody_who_was_not_named(
    senior_client: Client, decision: Decision, owner: User
) -> None:
    read = senior_client.get(confirm(decision)).context["read"]
    factories.member(decision.submission.organization, "owner")
    owner.memberships.all().delete()  # so that the letters go to the owners who are left
    assert publish(senior_client, decision, read) == 409
    assert published() == []


@pytest.mark.parametrize("read", ["", "x", "0" * 33, "A" * 32, "\0" * 32])
def test_nothing_is_published_unread(senior_client: Client, decision: Decision, read: str) -> None:
    response = senior_client.post(
        act("publish", decision.submission, decision.pk), {"read": read}, follow=True
    )
    assert response.redirect_chain == [(confirm(decision), 302)]
    assert "Read what goes out first" in response.text
    assert published() == []


def test_a_reviewer_is_shown_no_last_page(reviewer_client: Client, decision: Decision) -> None:
    response = reviewer_client.get(confirm(decision))
    assert response["Location"] == page(decision.submission)


def test_a_decision_that_counts_already_has_no_last_page(
    senior_client: Client, senior: User, decision: Decision
) -> None:
    actions.drop_decision(decision, by=senior)
    response = senior_client.get(confirm(decision), follow=True)
    assert "There is nothing for you to publish here any more." in response.text
