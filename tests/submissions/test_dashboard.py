"""The dashboard: what is next, the most urgent first; drafts; what was sent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from alliance.retention import DAY
from organizations.models import User
from submissions import actions
from submissions.actions.publication_sweeps import pause_uncleared
from submissions.models import Submission
from tests import factories
from tests.submissions.publishing import begun, change, ends_in, suspend

NEWER = "Forecasts reach nobody without a mobile network. We look for radio partners."


def titles(client: Client) -> list[str]:
    steps = client.get("/dashboard/").context["next_steps"]
    return [str(step.title) for step in steps]


def ask(submission: Submission, by: User, *questions: str) -> None:
    actions.ask(
        submission,
        by=by,
        questions=[actions.Question(text) for text in questions],
        due_on=timezone.localdate() + timedelta(days=14),
    )


def test_somebody_new_is_led_to_the_expression_of_interest(owner_client: Client) -> None:
    response = owner_client.get("/dashboard/")
    assert response.context["next_steps"] == []
    assert "You have not applied yet" in response.text
    for address in ("/apply/", "/demands/new/", "/offers/new/"):
        assert f'href="{address}"' in response.text


@pytest.mark.parametrize("kind", ["demand", "offer"])
@pytest.mark.parametrize("make", [factories.draft, factories.submitted])
def test_the_expression_of_interest_stays_in_sight_until_it_is_begun(
    owner_client: Client, owner: User, make: Callable[[User, str], Submission], kind: str
) -> None:
    make(owner, kind)
    page = owner_client.get("/dashboard/").text
    assert "You have not applied yet" in page
    assert "are published only once the due diligence" in page
    assert page.count('href="/apply/"') == 2
    assert "Apply again" not in page


def test_whoever_has_applied_is_not_led_to_apply(owner_client: Client, owner: User) -> None:
    draft = factories.draft(owner)
    begun = owner_client.get("/dashboard/").text
    assert "Your application is not sent yet" in begun
    factories.submit_draft(draft, by=owner)
    for page in (begun, owner_client.get("/dashboard/").text):
        assert "You have not applied yet" not in page
        assert 'href="/apply/"' not in page


def test_whoever_has_withdrawn_an_application_may_apply_again(
    owner_client: Client, owner: User
) -> None:
    actions.withdraw(factories.submitted(owner), by=owner)
    page = owner_client.get("/dashboard/").text
    assert '<a href="/apply/">Apply again</a>' in page
    assert "You have not applied yet" not in page


def test_drafts_are_named_by_what_they_say_and_all_of_them_are_a_link_away(
    owner_client: Client, owner: User
) -> None:
    gauges = factories.draft(owner, "demand", description="We need rain gauges. Soon.")
    factories.draft(owner, "offer", description="")
    page = owner_client.get("/dashboard/").text
    assert f'<a href="/submissions/{gauges.uuid}/edit/">We need rain gauges</a>' in page
    assert ">Without a description so far</a>" in page
    assert '<a href="/drafts/">All drafts (2)</a>' in page
    for _ in range(10):
        factories.draft(owner, "demand")
    response = owner_client.get("/dashboard/")
    assert len(response.context["drafts"]) == 10
    assert '<a href="/drafts/">All drafts (12)</a>' in response.text


def test_questions_come_first_with_their_day(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    ends_in(factories.offer(owner, status="published"), 3)
    factories.draft(owner)
    submission = factories.demand(owner)
    ask(submission, reviewer, "How many stations?", "Who pays?")
    response = owner_client.get("/dashboard/")
    steps = response.context["next_steps"]
    assert str(steps[0].title) == "2 questions wait for your answer"
    assert str(submission.reference) in str(steps[0].text)
    assert steps[0].url == submission.get_absolute_url()
    assert len(steps) == 3


def test_an_answered_round_asks_for_nothing(
    owner_client: Client, owner: User, reviewer: User
) -> None:
    submission = factories.demand(owner)
    ask(submission, reviewer, "How many stations?")
    actions.withdraw(submission, by=owner)
    assert titles(owner_client) == []


def test_what_ends_soon_and_what_has_ended_is_offered_for_renewal(
    owner_client: Client, owner: User
) -> None:
    soon = ends_in(factories.demand(owner, status="published"), 8)
    factories.offer(owner, status="published")
    ended = ends_in(factories.demand(owner, status="expired"), -5)
    factories.offer(owner, status="expired")  # years ago
    assert [title.split()[0] for title in titles(owner_client)] == [
        ended.reference,
        soon.reference,
    ]


def test_a_refused_change_is_spoken_of_until_a_newer_one_is_sent(
    owner_client: Client, owner: User, senior: User
) -> None:
    submission = factories.demand(owner, status="published")
    actions.refuse_change(change(submission, owner, NEWER), by=senior, words="No names, please.")
    assert titles(owner_client) == ["A change was not accepted"]
    change(submission, owner, f"{NEWER} Soon.")
    assert titles(owner_client) == []


def test_a_change_that_is_not_sent_is_spoken_of_to_those_who_may_send_it(
    owner_client: Client, owner: User, reader: User
) -> None:
    submission = begun(factories.demand(owner, status="published"), owner, NEWER)
    assert titles(owner_client) == ["A change is not sent yet"]
    assert titles(factories.logged_in(reader)) == []
    change(submission, owner, NEWER)
    assert titles(owner_client) == []


def test_what_pauses_with_the_clearance_is_explained(owner_client: Client, owner: User) -> None:
    submission = factories.demand(owner, status="published")
    suspend(submission.organization)
    pause_uncleared()
    assert titles(owner_client) == ["What you have published is paused"]


def test_a_draft_that_is_about_to_go_is_named_with_its_day(
    owner_client: Client, owner: User
) -> None:
    draft = factories.draft(owner, "demand")
    long_ago = timezone.now() - 170 * DAY
    Submission.objects.filter(pk=draft.pk).update(saved_at=long_ago, warned_at=timezone.now())
    assert titles(owner_client) == ["A draft is about to be deleted"]
    assert "is deleted on" in owner_client.get("/dashboard/").text


def test_drafts_show_how_far_they_have_come(owner_client: Client, owner: User) -> None:
    factories.draft(owner, "demand")
    factories.draft(owner, "offer", outcomes=None, modalities=None)
    factories.draft(owner)
    factories.draft(factories.member(factories.organization(), "owner"), "offer")
    drafts = owner_client.get("/dashboard/").context["drafts"]
    found = {draft.kind: (progress.done, progress.total) for draft, progress in drafts}
    assert found == {"demand": (4, 4), "offer": (2, 4), "eoi": (4, 4)}
    text = owner_client.get("/dashboard/").text
    assert "2 of 4 sections" in text
    assert "Ready to be sent" in text


def test_a_declaration_not_made_leaves_its_section_open(owner_client: Client, owner: User) -> None:
    factories.draft(owner, "eoi", **{"confirm_dd-conflict": None})
    ((_draft, progress),) = owner_client.get("/dashboard/").context["drafts"]
    assert (progress.done, progress.total) == (3, 4)


def test_a_mistake_where_nothing_must_be_said_leaves_its_section_open(
    owner_client: Client, owner: User
) -> None:
    factories.draft(owner, "demand", links="javascript:alert(1)")
    ((_draft, progress),) = owner_client.get("/dashboard/").context["drafts"]
    assert (progress.done, progress.total) == (4, 5)


def test_what_was_sent_stands_by_its_own_title_live_apart_from_closed(
    owner_client: Client, owner: User
) -> None:
    published = factories.demand(owner, status="published")
    received = factories.offer(owner)
    closed = factories.demand(owner, status="closed")
    response = owner_client.get("/dashboard/")
    assert response.context["open_submissions"] == [received, published]
    assert response.context["closed_submissions"] == [closed]
    assert published.title in response.text


def test_the_way_into_the_alliance_is_that_of_the_application(
    owner_client: Client, owner: User
) -> None:
    factories.demand(owner)
    response = owner_client.get("/dashboard/")
    marks = {str(moment.title): moment.mark for moment in response.context["moments"]}
    assert marks["Send the Expression of Interest"] == "now"
    assert "takes part in the Alliance" not in response.text


def test_readers_are_offered_nothing_to_write(owner: User, reader: User) -> None:
    factories.draft(owner, "demand")
    text = factories.logged_in(reader).get("/dashboard/").text
    assert "Drafts" in text
    for address in ("/demands/new/", "/offers/new/", "/edit/"):
        assert address not in text


def test_nothing_of_another_organization_is_shown(
    owner_client: Client, stranger: User, senior: User
) -> None:
    factories.draft(stranger, "demand")
    theirs = factories.offer(stranger, status="published")
    actions.refuse_change(change(theirs, stranger, NEWER), by=senior, words="Kestrel")
    ends_in(theirs, 3)
    response = owner_client.get("/dashboard/")
    assert (response.context["next_steps"], response.context["drafts"]) == ([], [])
    assert str(theirs.reference) not in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_often_for_one_row_as_for_three(
    owner_client: Client,
    owner: User,
    reviewer: User,
    senior: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        factories.draft(owner, "demand")
        ask(factories.demand(owner), reviewer, "Why?")
        live = ends_in(factories.offer(owner, status="published"), 5)
        actions.refuse_change(change(live, owner, NEWER), by=senior, words="No.")
        begun(live, owner, f"{NEWER} Soon.")
    owner_client.get("/dashboard/")
    with django_assert_num_queries(12):
        owner_client.get("/dashboard/")
