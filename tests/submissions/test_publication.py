"""What becomes of a Demand or Offer once it is published, by its members and by the secretariat."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from alliance.dates import months_after
from alliance.exceptions import ActionRefused
from alliance.models import OutgoingMail
from organizations.models import Membership, Organization, User
from submissions import actions
from submissions.actions.my_data import erase_account
from submissions.models import Note, Submission
from submissions.retention import forget_closed_organizations
from tests import factories
from tests.submissions.publishing import change, clear_again, ends_in, events, suspend

MAKERS = [factories.demand, factories.offer]


@pytest.mark.parametrize("make", MAKERS)
def test_publishing_shows_what_was_decided_on_for_twelve_months(
    owner: User, senior: User, make: type
) -> None:
    submission = make(owner)
    factories.clear(submission.organization)
    submission = factories.decided(submission, "publish", by=senior)
    submission.refresh_from_db()
    assert submission.status == "published"
    assert submission.shown_revision == submission.revisions.get()
    assert submission.published_at is not None
    assert submission.expires_on == months_after(timezone.localdate(), 12)
    assert list(Submission.objects.published()) == [submission]
    mail = OutgoingMail.objects.get(message="decision_published")
    assert (mail.recipient, mail.subject) == (
        owner.email,
        f"The decision on your {submission.get_kind_display()}, {submission.reference}",
    )


def test_publishing_needs_a_cleared_organization_when_decided_and_when_published(
    owner: User, senior: User
) -> None:
    submission = factories.demand(owner)
    with pytest.raises(ActionRefused, match="due diligence"):
        factories.decided(submission, "publish", by=senior)
    factories.clear(submission.organization)
    decision = actions.decide(
        submission,
        by=senior,
        outcome="publish",
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation="Good.",
        letter="Dear colleague",
    )
    suspend(submission.organization)
    with pytest.raises(ActionRefused, match="due diligence"):
        actions.publish_decision(decision, by=senior)
    submission.refresh_from_db()
    assert (submission.status, submission.shown_revision) == ("submitted", None)


def test_it_can_be_sent_before_the_expression_of_interest(owner: User) -> None:
    assert factories.demand(owner).status == "submitted"
    assert factories.offer(owner).status == "submitted"
    assert not Submission.objects.applications().exists()


def test_a_plain_reviewer_publishes_nothing(owner: User, reviewer: User) -> None:
    submission = factories.demand(owner)
    factories.clear(submission.organization)
    with pytest.raises(ActionRefused, match="Only a senior reviewer decides"):
        factories.decided(submission, "publish", by=reviewer)


def test_a_declined_one_is_reopened_by_a_senior_beside_an_open_application(
    owner: User, senior: User
) -> None:
    submission = factories.demand(owner, status="declined")
    factories.submitted(owner)
    submission = actions.reopen(submission, by=senior, reason="They asked for another look")
    assert submission.status == "submitted"
    with pytest.raises(ActionRefused):
        actions.reopen(factories.offer(owner, status="closed"), by=senior, reason="Again")


@pytest.mark.parametrize("make", MAKERS)
def test_members_pause_and_show_again(owner: User, make: type) -> None:
    submission = actions.pause(make(owner, status="published"), by=owner)
    assert (submission.status, submission.is_paused_by_secretariat) == ("paused", False)
    assert not Submission.objects.published().exists()
    submission = actions.resume(submission, by=owner)
    assert (submission.status, submission.status_by) == ("published", owner)
    assert events(submission)[-2:] == ["submission.paused", "submission.resumed"]
    assert not OutgoingMail.objects.filter(message="publication_changed").exists()


def test_without_a_clearance_nothing_is_shown_again(owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="paused")
    suspend(submission.organization)
    for person in (owner, senior):
        with pytest.raises(ActionRefused, match="due diligence of this organization"):
            actions.resume(submission, by=person, words="Let them be seen.")
    submission.refresh_from_db()
    assert submission.status == "paused"


def test_a_clearance_that_ended_yesterday_shows_nothing_again(owner: User) -> None:
    submission = factories.demand(owner, status="paused")
    yesterday = timezone.localdate() - timedelta(days=1)
    submission.organization.due_diligence_cycles.update(valid_until=yesterday)
    with pytest.raises(ActionRefused, match="due diligence"):
        actions.resume(submission, by=owner)


def test_what_the_secretariat_paused_it_alone_shows_again(owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="published")
    submission = actions.pause(submission, by=senior, words="The numbers contradict each other.")
    assert submission.is_paused_by_secretariat
    mail = OutgoingMail.objects.get(message="publication_changed")
    assert mail.recipient == owner.email
    assert "The numbers contradict each other." in mail.text
    assert "It is now: Paused." in mail.text
    assert Note.objects.get().made_by == senior
    with pytest.raises(ActionRefused, match="The secretariat has paused this"):
        actions.resume(submission, by=owner)
    submission = actions.resume(submission, by=senior, words="They are right now.")
    assert (submission.status, submission.is_paused_by_secretariat) == ("published", False)


def test_the_secretariat_says_why_or_does_nothing(owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="published")
    for act in (actions.pause, actions.close):
        with pytest.raises(ActionRefused, match="Say in a sentence why"):
            act(submission, by=senior, words=" \n")
    submission.refresh_from_db()
    assert submission.status == "published"


@pytest.mark.parametrize("status", ["published", "paused"])
@pytest.mark.parametrize(
    ("act", "ended"), [("fulfil", "fulfilled"), ("close", "closed"), ("withdraw", "withdrawn")]
)
def test_members_end_what_is_live_for_good(owner: User, status: str, act: str, ended: str) -> None:
    submission = getattr(actions, act)(factories.offer(owner, status=status), by=owner)
    assert submission.status == ended
    for name in ("pause", "resume", "renew", "fulfil", "close", "withdraw"):
        with pytest.raises(ActionRefused):
            getattr(actions, name)(submission, by=owner)
    assert Submission.objects.get().status == ended


@pytest.mark.parametrize("status", ["submitted", "withdrawn", "declined", "draft"])
@pytest.mark.parametrize("act", ["pause", "resume", "renew", "fulfil", "close"])
def test_what_was_never_published_has_no_life_after_it(owner: User, status: str, act: str) -> None:
    submission = factories.demand(owner, status=status)
    clear_once(submission.organization)
    with pytest.raises(ActionRefused):
        getattr(actions, act)(submission, by=owner)


def clear_once(place: Organization) -> None:
    if not place.due_diligence_cycles.filter(status="cleared").exists():
        factories.clear(place)


@pytest.mark.parametrize("act", ["pause", "renew", "fulfil", "close"])
def test_neither_readers_nor_strangers_nor_reviewers_act(
    owner: User, reader: User, stranger: User, reviewer: User, act: str
) -> None:
    submission = ends_in(factories.demand(owner, status="published"), 5)
    for person in (reader, stranger, reviewer):
        with pytest.raises(ActionRefused):
            getattr(actions, act)(submission, by=person)
    assert Submission.objects.get().status == "published"


def test_a_senior_of_the_same_organization_acts_as_its_member_only(
    owner: User, senior: User
) -> None:
    submission = factories.demand(owner, status="published")
    submission.organization.memberships.create(
        user=senior, role=Membership.Role.READER, function="Board member"
    )
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.close(submission, by=senior, words="I would rather not see this here.")


def test_it_is_renewed_for_twelve_months_from_today_shortly_before_its_end(owner: User) -> None:
    submission = ends_in(factories.demand(owner, status="published"), 30)
    assert submission.is_ending
    submission = actions.renew(submission, by=owner)
    assert submission.expires_on == months_after(timezone.localdate(), 12)
    assert submission.renewal_offered_at is None
    assert events(submission)[-1] == "submission.renewed"


def test_a_second_click_renews_nothing(owner: User) -> None:
    submission = ends_in(factories.demand(owner, status="published"), 3)
    first = actions.renew(submission, by=owner)
    second = actions.renew(first, by=owner)
    assert second.expires_on == first.expires_on
    assert events(submission).count("submission.renewed") == 1


def test_what_does_not_end_soon_is_not_renewed(owner: User) -> None:
    submission = ends_in(factories.demand(owner, status="published"), 31)
    assert actions.renew(submission, by=owner).expires_on == submission.expires_on


def test_what_has_ended_comes_back_by_a_renewal_if_it_may(owner: User) -> None:
    submission = factories.demand(owner, status="expired")
    assert submission.expires_on == date(2020, 1, 1)
    suspend(submission.organization)
    with pytest.raises(ActionRefused, match="due diligence"):
        actions.renew(submission, by=owner)
    clear_again(submission.organization)
    submission = actions.renew(submission, by=owner)
    assert submission.status == "published"
    assert submission.expires_on == months_after(timezone.localdate(), 12)


def test_the_last_member_takes_back_what_is_published_with_the_account(owner: User) -> None:
    rows = [factories.demand(owner, status="published"), factories.offer(owner, status="paused")]
    erase_account(owner, by=owner)
    assert {row.status for row in Submission.objects.all()} == {"withdrawn"}
    assert Submission.objects.count() == len(rows)


def test_what_was_published_goes_with_its_organization(owner: User, senior: User) -> None:
    submission = factories.demand(owner, status="published")
    actions.accept_change(change(submission, owner, "We look for partners."), by=senior)
    change(submission, owner, "We look for partners with radios.")
    erase_account(owner, by=owner)
    forget_closed_organizations(timezone.now() + timedelta(days=1))
    assert not Submission.objects.exists()
    assert not Organization.objects.filter(pk=submission.organization_id).exists()
