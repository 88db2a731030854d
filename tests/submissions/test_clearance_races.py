"""Nothing is published for an organization that is not cleared, however close the two come."""

import pytest

from organizations.actions import due_diligence
from organizations.actions import screening as screening_actions
from organizations.due_diligence.rules import is_cleared
from organizations.models import Hit, Organization, User
from submissions import actions
from submissions.actions.publication_sweeps import expire_publications, pause_uncleared
from submissions.models import Decision, Submission
from tests import factories
from tests.organizations.screening import planted
from tests.racing import meanwhile
from tests.submissions.publishing import ends_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("contents")]

NOT_CLEARED = "The due diligence of this organization is not finished: clear it first."


def pending(outcome: str, senior: User) -> Decision:
    """A decision on a cleared organization's Expression of Interest or Demand, not yet published."""
    owner = factories.member(factories.organization(), "owner")
    reviewer = factories.staff("Reviewer")
    if outcome == "publish":
        submission = factories.demand(owner)
        factories.clear(submission.organization)
    else:
        submission = factories.for_decision(owner, reviewer=reviewer)
    return actions.decide(
        submission,
        by=senior,
        outcome=outcome,
        reason=factories.term("decision-reason", "other"),
        explanation="Read twice.",
        letter="Dear colleague,\n\nthis is our decision.",
    )


def suspend(place: Organization, senior: User) -> None:
    cycle = place.due_diligence_cycles.get()
    due_diligence.advance(cycle, by=senior, arrow="suspend", reason="A report in the press.")


@pytest.mark.parametrize("outcome", ["publish", "approve"])
def test_a_decision_waits_for_a_suspension_and_is_refused(outcome: str) -> None:
    senior = factories.staff("Senior reviewer")
    decision = pending(outcome, senior)
    before = decision.submission.status
    place = decision.submission.organization
    answer = meanwhile(
        lambda: suspend(place, senior), lambda: actions.publish_decision(decision, by=senior)
    )
    assert answer == NOT_CLEARED
    assert not is_cleared(place)
    assert Decision.objects.get().published_at is None
    assert Submission.objects.get().status == before


def test_a_decision_waits_for_the_confirmation_of_a_hit_and_is_refused() -> None:
    senior = factories.staff("Senior reviewer")
    decision = pending("publish", senior)
    hit = planted(decision.submission.organization)
    answer = meanwhile(
        lambda: screening_actions.confirm_hit(hit, by=senior, reason="The same person."),
        lambda: actions.publish_decision(decision, by=senior),
    )
    assert answer == NOT_CLEARED
    assert Hit.objects.get().status == "confirmed"
    assert Decision.objects.get().published_at is None


def test_a_suspension_waits_for_a_decision_and_what_was_published_is_paused() -> None:
    senior = factories.staff("Senior reviewer")
    decision = pending("publish", senior)
    place = decision.submission.organization
    answer = meanwhile(
        lambda: actions.publish_decision(decision, by=senior), lambda: suspend(place, senior)
    )
    assert answer == "done"
    suspended_at = place.due_diligence_cycles.get().status_at
    assert Decision.objects.filter(published_at__lt=suspended_at).count() == 1
    assert pause_uncleared() == 1
    assert Submission.objects.get().status == "paused"


def test_what_a_member_renews_is_not_ended_by_the_sweep_of_the_same_moment() -> None:
    owner = factories.member(factories.organization(), "owner")
    submission = ends_in(factories.demand(owner, "published"), -1)
    answer = meanwhile(lambda: actions.renew(submission, by=owner), expire_publications)
    assert answer == "done"
    assert Submission.objects.get().status == "published"
