"""Who declares a conflict of interest has no part in the cases any more, until it is ended."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.actions import conflicts
from organizations.actions import due_diligence as due_diligence_actions
from organizations.models import ConflictOfInterest, DueDiligence, Membership, User
from organizations.permissions import can_review_organization
from submissions import actions, permissions
from submissions.mentions import colleagues
from submissions.models import Submission
from tests import factories
from tests.racing import meanwhile

WHY = "My sister heads this institution."


def declared(submission: Submission, by: User) -> ConflictOfInterest:
    actions.declare_conflict(submission.organization, by=by, reason=WHY)
    return ConflictOfInterest.objects.latest("pk")


def fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def test_a_declared_conflict_takes_every_case_off_the_reviewer(owner: User, reviewer: User) -> None:
    application, demand = factories.submitted(owner), factories.demand(owner)
    elsewhere = factories.submitted(factories.member(factories.organization(), "owner"))
    for case in (application, demand, elsewhere):
        actions.assign(case, to=reviewer, by=reviewer)
    owner.memberships.get().organization.due_diligence_cycles.update(assignee=reviewer)

    assert actions.declare_conflict(application.organization, by=reviewer, reason=WHY) == 2

    assert [fresh(case).assignee for case in (application, demand, elsewhere)] == [
        None,
        None,
        reviewer,
    ]
    assert DueDiligence.objects.get(organization=application.organization).assignee is None
    about = Event.objects.filter(subject_id=application.organization_id, internal=True)
    assert set(about.values_list("name", flat=True)) >= {
        "conflict.declared",
        "due_diligence.assigned",
    }
    assert all(WHY not in str(event.data) for event in Event.objects.all())


ACTS: dict[str, Callable[[Submission, User], object]] = {
    "review": lambda case, by: actions.start_review(case, by=by),
    "note": lambda case, by: actions.write_note(case, by=by, text="Good."),
    "decide": lambda case, by: factories.decided(case, "decline", by=by),
    "take": lambda case, by: actions.assign(case, to=by, by=by),
    "screen": lambda case, by: due_diligence_actions.advance(
        case.organization.due_diligence_cycles.get(), by=by, arrow="start_screening"
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_who_has_a_conflict_can_do_nothing_about_the_case(
    act: Callable[[Submission, User], object], owner: User, senior: User
) -> None:
    submission = factories.submitted(owner)
    declared(submission, senior)
    with pytest.raises(ActionRefused):
        act(fresh(submission), senior)
    assert fresh(submission).status == "submitted"


def test_who_has_a_conflict_is_given_no_case(owner: User, reviewer: User, senior: User) -> None:
    submission = factories.submitted(owner)
    declared(submission, reviewer)
    with pytest.raises(ActionRefused, match="may not review this case"):
        actions.assign(submission, to=reviewer, by=senior)


def test_who_has_a_conflict_sees_no_page_of_the_case(
    reviewer: User, reviewer_client: Client, owner: User
) -> None:
    submission = factories.submitted(owner)
    cycle = submission.organization.due_diligence_cycles.get()
    pages = [
        reverse("admin:submissions_submission_change", args=[submission.pk]),
        reverse("admin:organizations_duediligence_change", args=[cycle.pk]),
    ]
    lists = {
        f"{reverse('admin:submissions_submission_changelist')}?queue=all": submission.title,
        f"{reverse('admin:organizations_duediligence_changelist')}?list=all": str(
            submission.organization
        ),
    }
    assert [reviewer_client.get(page).status_code for page in pages] == [200, 200]
    assert all(name in reviewer_client.get(page).text for page, name in lists.items())

    declared(submission, reviewer)

    assert [reviewer_client.get(page).status_code for page in pages] == [403, 403]
    assert [name for page, name in lists.items() if name in reviewer_client.get(page).text] == []


def test_the_lists_leave_out_just_what_may_not_be_reviewed(owner: User, senior: User) -> None:
    theirs, declared_one, ended, free = (
        factories.submitted(factories.member(factories.organization(), "owner")) for _ in range(4)
    )
    Membership.objects.create(user=senior, organization=theirs.organization, role="reader")
    declared(declared_one, senior)
    conflict = declared(ended, senior)
    conflicts.end(conflict, by=factories.staff("Senior reviewer"), reason="She has retired.")

    found = Submission.objects.reviewable_by(senior).order_by("pk")
    assert list(found) == [ended, free]
    person = User.objects.get(pk=senior.pk)
    everything = Submission.objects.order_by("pk")
    assert [case for case in everything if permissions.can_review(person, case)] == list(found)
    cycles = DueDiligence.objects.reviewable_by(person)
    assert {cycle.organization for cycle in cycles} == {
        cycle.organization
        for cycle in DueDiligence.objects.all()
        if can_review_organization(person, cycle.organization)
    }


def test_a_conflict_is_declared_once_and_by_those_who_have_a_part(
    owner: User, reviewer: User, administrator: User
) -> None:
    submission = factories.submitted(owner)
    declared(submission, reviewer)
    for person in (reviewer, administrator, owner):
        with pytest.raises(ActionRefused, match="no part in the cases"):
            actions.declare_conflict(submission.organization, by=person, reason=WHY)
    with pytest.raises(ActionRefused, match="Say in a sentence why"):
        actions.declare_conflict(
            submission.organization, by=factories.staff("Reviewer"), reason=" "
        )


def test_a_senior_ends_a_conflict_with_a_reason_and_nobody_their_own(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.submitted(owner)
    conflict = declared(submission, senior)
    for person in (senior, reviewer):
        with pytest.raises(ActionRefused, match="A senior reviewer ends it"):
            conflicts.end(conflict, by=person, reason="It was a mistake.")
    colleague = factories.staff("Senior reviewer")
    with pytest.raises(ActionRefused, match="Say in a sentence why"):
        conflicts.end(conflict, by=colleague, reason=" ")
    ended = conflicts.end(conflict, by=colleague, reason="She has retired.")
    assert (ended.ended_by, ended.ended_reason) == (colleague, "She has retired.")
    assert permissions.can_review(senior, fresh(submission))
    with pytest.raises(ActionRefused, match="has ended it already"):
        conflicts.end(conflict, by=colleague, reason="Again.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
@pytest.mark.parametrize("declares_first", [True, False])
def test_a_case_stays_with_nobody_who_declares_a_conflict_at_the_same_moment(
    declares_first: bool,
) -> None:
    submission = factories.submitted(factories.member(factories.organization(), "owner"))
    person, senior = factories.staff("Reviewer"), factories.staff("Senior reviewer")
    # What the page has read of the person and the case before either of them acted.
    assert permissions.can_review(person, submission)

    def declare() -> object:
        return actions.declare_conflict(submission.organization, by=person, reason=WHY)

    def assign() -> object:
        return actions.assign(submission, to=person, by=senior)

    if declares_first:
        assert "may not review this case" in meanwhile(declare, assign)
    else:
        assert meanwhile(assign, declare) == "done"
    assert fresh(submission).assignee is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_who_declares_a_conflict_decides_nothing_from_another_window() -> None:
    owner = factories.member(factories.organization(), "owner")
    senior = factories.staff("Senior reviewer")
    submission = factories.for_decision(owner, reviewer=factories.staff("Reviewer"))
    assert permissions.can_decide(senior, submission)
    told = meanwhile(
        lambda: actions.declare_conflict(submission.organization, by=senior, reason=WHY),
        lambda: factories.decided(submission, "decline", by=senior),
    )
    assert told == "Only a senior reviewer decides."
    assert fresh(submission).status == "for_decision"


def test_who_has_a_conflict_is_offered_for_no_note_and_stays_named_in_old_ones(
    owner: User, reviewer: User, senior_client: Client
) -> None:
    submission = factories.submitted(owner)
    colleague = factories.staff("Reviewer", first_name="Kofi", last_name="Mensah")
    page = reverse("admin:submissions_submission_change", args=[submission.pk])
    actions.write_note(submission, by=reviewer, text="Please look.", tell=[colleague])
    assert set(colleagues(submission)) > {reviewer, colleague}
    assert senior_client.get(page).text.count("Kofi Mensah") > 2

    declared(submission, colleague)

    assert colleague not in colleagues(submission)
    shown = senior_client.get(page)
    assert [row.told for row in shown.context["notes"]] == [["Kofi Mensah"]]
    assert colleague not in shown.context["note_form"].people
