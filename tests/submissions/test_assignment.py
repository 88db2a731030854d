"""Whose case it is: given, taken and refused."""

import pytest

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.models import Membership, User
from submissions import actions
from submissions.models import Submission
from tests import factories
from tests.racing import at_once


def assigned() -> list[tuple[int | None, dict[str, int | None]]]:
    events = Event.objects.filter(name="submission.assigned").order_by("pk")
    assert all(event.internal for event in events)
    return [(event.actor_id, event.data) for event in events]


def mails() -> list[tuple[str, str]]:
    rows = OutgoingMail.objects.filter(message="cases_assigned").order_by("pk")
    return [(mail.recipient, mail.subject) for mail in rows]


@pytest.mark.parametrize("kind", ["eoi", "demand", "offer"])
def test_a_reviewer_gives_nobodys_case_to_a_colleague_who_is_told(
    kind: str, owner: User, reviewer: User
) -> None:
    submission = factories.submitted(owner, kind)
    colleague = factories.staff("Reviewer")
    actions.assign(submission, to=colleague, by=reviewer)
    submission.refresh_from_db()
    assert submission.assignee == colleague
    assert assigned() == [(reviewer.pk, {"before": None, "after": colleague.pk})]
    assert mails() == [(colleague.email, f"{submission.reference} is now yours to review")]
    assert str(reviewer) in OutgoingMail.objects.get(message="cases_assigned").text


def test_who_takes_a_case_gets_no_mail_about_it(owner: User, reviewer: User) -> None:
    submission = actions.assign(factories.submitted(owner), to=reviewer, by=reviewer)
    assert submission.assignee == reviewer
    assert mails() == []


def test_a_case_that_is_theirs_already_leaves_no_second_event(owner: User, reviewer: User) -> None:
    submission = actions.assign(factories.submitted(owner), to=reviewer, by=reviewer)
    actions.assign(submission, to=reviewer, by=reviewer)
    assert len(assigned()) == 1


def test_a_case_can_be_given_back_to_nobody(owner: User, reviewer: User) -> None:
    submission = actions.assign(factories.submitted(owner), to=reviewer, by=reviewer)
    submission = actions.assign(submission, to=None, by=reviewer)
    assert submission.assignee is None
    assert assigned()[-1] == (reviewer.pk, {"before": reviewer.pk, "after": None})


def test_a_reviewer_cannot_take_a_colleagues_case_and_a_senior_can(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = actions.assign(factories.submitted(owner), to=reviewer, by=reviewer)
    colleague = factories.staff("Reviewer")
    with pytest.raises(ActionRefused, match=f"It is now with {reviewer}"):
        actions.assign(submission, to=colleague, by=colleague)
    assert actions.assign(submission, to=colleague, by=senior).assignee == colleague


@pytest.mark.parametrize("role", ["Administrator", "Library editor"])
def test_a_case_goes_to_reviewers_only(role: str, owner: User, reviewer: User) -> None:
    submission = factories.submitted(owner)
    with pytest.raises(ActionRefused, match="may not review this case"):
        actions.assign(submission, to=factories.staff(role), by=reviewer)
    assert Submission.objects.get().assignee is None


def test_a_reviewer_who_has_left_gets_no_case(owner: User, reviewer: User) -> None:
    gone = factories.staff("Reviewer", is_active=False)
    with pytest.raises(ActionRefused, match="may not review this case"):
        actions.assign(factories.submitted(owner), to=gone, by=reviewer)


def test_nobody_gets_or_gives_a_case_of_their_own_organization(owner: User, reviewer: User) -> None:
    submission = factories.submitted(owner)
    insider = factories.staff("Senior reviewer")
    Membership.objects.create(user=insider, organization=submission.organization, role="reader")
    with pytest.raises(ActionRefused, match="may not review this case"):
        actions.assign(submission, to=insider, by=reviewer)
    with pytest.raises(ActionRefused, match="Only reviewers of this case"):
        actions.assign(submission, to=reviewer, by=insider)


def test_who_is_no_reviewer_gives_no_case(owner: User, reviewer: User, administrator: User) -> None:
    submission = factories.submitted(owner)
    for person in (administrator, owner):
        with pytest.raises(ActionRefused, match="Only reviewers of this case"):
            actions.assign(submission, to=reviewer, by=person)


def test_a_closed_case_is_given_to_nobody(owner: User, reviewer: User) -> None:
    submission = actions.withdraw(factories.submitted(owner), by=owner)
    with pytest.raises(ActionRefused, match="This case is closed"):
        actions.assign(submission, to=reviewer, by=reviewer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_of_two_who_take_a_case_at_once_one_gets_it() -> None:
    submission = factories.submitted(factories.member(factories.organization(), "owner"))
    people = [factories.staff("Reviewer") for _ in range(2)]
    answers = at_once(
        *(lambda one=one: actions.assign(submission, to=one, by=one) for one in people)
    )
    winner = Submission.objects.get().assignee
    assert winner is not None
    assert sorted(answers)[1] == "done"
    assert sorted(answers)[0].startswith(f"It is now with {winner}")
    assert [data for _actor, data in assigned()] == [{"before": None, "after": winner.pk}]
