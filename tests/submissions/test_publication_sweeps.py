"""What the portal does by itself with what is published."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.models import Organization, User
from submissions import actions
from submissions.actions.publication_sweeps import (
    expire_publications,
    offer_renewals,
    pause_uncleared,
    resume_cleared,
)
from submissions.models import Submission
from tests import factories
from tests.racing import together
from tests.submissions.publishing import clear_again, ends_in, events, mails, suspend


def states() -> dict[int, str]:
    return dict(Submission.objects.values_list("pk", "status"))


def test_what_is_published_pauses_with_the_clearance_and_comes_back_with_it(
    owner: User, stranger: User
) -> None:
    rows = [factories.demand(owner, status="published"), factories.offer(owner, status="published")]
    other = factories.demand(stranger, status="published")
    assert (pause_uncleared(), resume_cleared()) == (0, 0)
    suspend(rows[0].organization)
    assert pause_uncleared() == 2
    assert states() == {rows[0].pk: "paused", rows[1].pk: "paused", other.pk: "published"}
    assert (pause_uncleared(), resume_cleared()) == (0, 0)
    clear_again(rows[0].organization)
    assert resume_cleared() == 2
    assert set(states().values()) == {"published"}
    assert resume_cleared() == 0
    assert events(rows[0])[-2:] == ["submission.paused_by_portal", "submission.resumed_by_portal"]


def test_only_what_the_portal_paused_comes_back_by_itself(owner: User, senior: User) -> None:
    by_member = factories.demand(owner, status="paused")
    by_senior = factories.demand(owner, status="published")
    actions.pause(by_senior, by=senior, words="Please look again at the numbers.")
    by_portal = factories.offer(owner, status="published")
    suspend(by_member.organization)
    pause_uncleared()
    clear_again(by_member.organization)
    assert resume_cleared() == 1
    assert states() == {by_member.pk: "paused", by_senior.pk: "paused", by_portal.pk: "published"}


def test_a_clearance_whose_last_day_is_over_pauses_too(owner: User) -> None:
    submission = factories.demand(owner, status="published")
    today = timezone.localdate()
    cycles = submission.organization.due_diligence_cycles
    cycles.update(valid_until=today)
    assert pause_uncleared() == 0
    cycles.update(valid_until=today - timedelta(days=1))
    assert pause_uncleared() == 1


def test_an_older_clearance_counts_no_more_once_a_newer_cycle_runs(owner: User) -> None:
    submission = factories.demand(owner, status="published")
    submission.organization.due_diligence_cycles.create(number=2, level="basic")
    assert pause_uncleared() == 1


def test_each_owner_gets_one_mail_about_all_that_paused(
    owner: User, editor: User, organization: Organization
) -> None:
    second = factories.member(organization, "owner")
    rows = [factories.demand(owner, status="published") for _ in range(3)]
    suspend(organization)
    pause_uncleared()
    sent = mails("publication_paused")
    assert [mail.recipient for mail in sent] == [owner.email, second.email]
    assert all(str(row.reference) in sent[0].text for row in rows)
    clear_again(organization)
    resume_cleared()
    assert len(mails("publication_resumed")) == 2


def test_what_was_paused_by_the_portal_may_still_be_ended_by_its_members(owner: User) -> None:
    for number, act in enumerate(("fulfil", "close", "withdraw"), start=1):
        submission = factories.demand(owner, status="published")
        submission.organization.due_diligence_cycles.update(valid_until="2020-01-01")
        assert pause_uncleared() == 1
        ended = getattr(actions, act)(submission, by=owner)
        assert (ended.is_paused_by_portal, ended.is_live) == (False, False)
        submission.organization.due_diligence_cycles.update(valid_until="2099-01-01")
        assert (resume_cleared(), len(states())) == (0, number)


def test_members_do_not_show_again_what_the_portal_paused_without_a_clearance(owner: User) -> None:
    submission = factories.demand(owner, status="published")
    suspend(submission.organization)
    pause_uncleared()
    with pytest.raises(ActionRefused, match="due diligence"):
        actions.resume(submission, by=owner)
    assert states() == {submission.pk: "paused"}


@pytest.mark.parametrize("status", ["published", "paused"])
def test_it_ends_after_its_last_day_and_not_on_it(owner: User, status: str) -> None:
    submission = ends_in(factories.demand(owner, status=status), 0)
    assert expire_publications() == 0
    submission = ends_in(submission, -1)
    assert (expire_publications(), expire_publications()) == (1, 0)
    submission.refresh_from_db()
    assert (submission.status, submission.status_by) == ("expired", None)
    (mail,) = mails("publication_expired")
    assert mail.recipient == owner.email
    assert "/renew/" in mail.text


def test_what_the_portal_paused_ends_like_the_rest(owner: User) -> None:
    submission = factories.demand(owner, status="published")
    suspend(submission.organization)
    pause_uncleared()
    ends_in(submission, -1)
    assert expire_publications() == 1
    assert resume_cleared() == 0


@pytest.mark.parametrize("status", ["published", "paused"])
def test_one_reminder_goes_out_thirty_days_before_the_end(owner: User, status: str) -> None:
    submission = ends_in(factories.demand(owner, status=status), 31)
    assert offer_renewals() == 0
    submission = ends_in(submission, 30)
    assert (offer_renewals(), offer_renewals()) == (1, 0)
    (mail,) = mails("renewal_due")
    assert mail.recipient == owner.email
    assert mail.is_secret  # whoever has the link can use it
    assert ("/renew/" in mail.text) == (status == "published")
    assert str(submission.reference) in mail.subject


def test_a_renewed_one_is_reminded_of_again_next_year(owner: User) -> None:
    submission = ends_in(factories.demand(owner, status="published"), 10)
    offer_renewals()
    actions.renew(submission, by=owner)
    assert offer_renewals() == 0
    ends_in(submission, 10)
    assert offer_renewals() == 1


def test_ended_ones_and_applications_are_left_alone(owner: User) -> None:
    for status in ("fulfilled", "closed", "submitted"):
        ends_in(factories.demand(owner, status=status), 5)
    factories.submitted(owner)
    before = Event.objects.count()
    assert (offer_renewals(), expire_publications(), pause_uncleared()) == (0, 0, 0)
    assert Event.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_everything_once(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    for _ in range(3):
        ends_in(factories.demand(owner, status="published"), -1)
    soon = ends_in(factories.demand(owner, status="published"), 3)
    suspend(soon.organization)

    def sweep() -> int:
        return expire_publications() + offer_renewals() + pause_uncleared()

    done = sum(together(sweep, sweep))
    assert len(mails("publication_expired")) == 3
    assert len(mails("renewal_due")) == 1
    assert len(mails("publication_paused")) == 1
    assert done == 5
