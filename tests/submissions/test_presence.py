"""Two people at one case see each other, while both have it open."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.models import User
from submissions import actions
from submissions.models import ReviewVisit, Submission
from tests import factories
from tests.submissions.test_admin_review import act, page


@pytest.fixture
def submission(owner: User) -> Submission:
    return factories.submitted(owner)


@pytest.fixture
def amina() -> User:
    return factories.staff("Reviewer", first_name="Amina", last_name="Diallo")


def at(*, minutes_ago: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes_ago)


def test_who_opens_the_page_sees_who_has_it_open_and_is_seen(
    reviewer_client: Client, reviewer: User, submission: Submission, amina: User
) -> None:
    assert reviewer_client.get(page(submission)).context["others_here"] == []
    [sentence] = factories.logged_in(amina).get(page(submission)).context["others_here"]
    assert sentence.startswith(f"{reviewer} is looking at this page too, since ")
    answer = reviewer_client.post(act("here", submission), headers={"X-By-Itself": "1"})
    [sentence] = answer.json()["others"]
    assert sentence.startswith("Amina Diallo is looking")


def test_who_has_not_been_heard_of_for_minutes_is_forgotten(
    reviewer_client: Client, submission: Submission, amina: User
) -> None:
    ReviewVisit.objects.create(submission=submission, user=amina, seen_at=at(minutes_ago=3.1))
    assert reviewer_client.get(page(submission)).context["others_here"] == []
    ReviewVisit.objects.update(seen_at=at(minutes_ago=2.9))
    assert len(reviewer_client.get(page(submission)).context["others_here"]) == 1


@pytest.mark.parametrize(("minutes", "goes_on"), [(1, True), (10, False)])
def test_a_visit_goes_on_until_it_was_forgotten(
    reviewer: User, submission: Submission, minutes: int, goes_on: bool
) -> None:
    since = at(minutes_ago=30)
    ReviewVisit.objects.create(
        submission=submission, user=reviewer, since=since, seen_at=at(minutes_ago=minutes)
    )
    actions.note_review_visit(submission, by=reviewer)
    visit = ReviewVisit.objects.get()
    assert (visit.since == since, visit.is_fresh) == (goes_on, True)


def test_looking_leaves_nothing_in_the_trail_and_is_no_sign_of_life(
    reviewer_client: Client, submission: Submission
) -> None:
    reviewer_client.get(page(submission))
    session = reviewer_client.session
    session["session_seen"] -= 600
    session.save()
    before = Event.objects.count()
    reviewer_client.post(act("here", submission), headers={"X-By-Itself": "1"})
    assert Event.objects.count() == before
    assert reviewer_client.session["session_seen"] == session["session_seen"]
    reviewer_client.get(page(submission))
    assert reviewer_client.session["session_seen"] > session["session_seen"]


def test_nobody_is_seen_at_a_case_that_they_may_not_review(
    submission: Submission, reviewer: User
) -> None:
    actions.declare_conflict(submission.organization, by=reviewer, reason="A relative.")
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.note_review_visit(submission, by=reviewer)
    assert not ReviewVisit.objects.exists()
