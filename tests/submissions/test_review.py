"""Review and decision: who may, in which order, and what is left behind."""

from functools import partial

import pytest

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.models import Decision, Note, Submission
from tests import factories
from tests.racing import at_once
from tests.submissions.asking import answered, asked


def decide(submission: Submission, by: User, outcome: str = "approve") -> Decision:
    return actions.decide(
        submission,
        by=by,
        outcome=outcome,
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation="Clear link to articulated needs.",
        letter="Dear Thandiwe,\n\nwelcome.",
    )


def test_a_review_goes_from_received_to_for_decision(owner: User, reviewer: User) -> None:
    submission = factories.submitted(owner)
    submission = actions.start_review(submission, by=reviewer)
    assert (submission.status, submission.assignee) == ("eligibility_screening", reviewer)
    assert submission.status_by == reviewer
    submission = actions.confirm_eligibility(submission, by=reviewer)
    assert submission.status == "due_diligence"
    submission = actions.put_for_decision(submission, by=reviewer)
    assert submission.status == "for_decision"


def test_a_step_taken_twice_is_refused_with_the_state_it_is_in(owner: User, reviewer: User) -> None:
    submission = factories.submitted(owner)
    actions.start_review(submission, by=reviewer)
    with pytest.raises(ActionRefused, match="it is now “Eligibility screening”"):
        actions.start_review(submission, by=reviewer)


def test_an_approval_counts_once_published(owner: User, reviewer: User, senior: User) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decision = decide(submission, senior)
    submission.refresh_from_db()
    assert submission.status == "for_decision"
    assert not OutgoingMail.objects.filter(message="decision_published").exists()

    actions.publish_decision(decision, by=senior)

    submission.refresh_from_db()
    assert (submission.status, submission.status_by) == ("approved", senior)
    mail = OutgoingMail.objects.get(message="decision_published")
    assert mail.recipient == owner.email
    assert "welcome." in mail.text
    names = [event.name for event in Event.objects.all().about(submission).order_by("id")]
    assert names[-2:] == ["submission.decided", "submission.decision_published"]


def test_members_do_not_see_a_pending_decision_in_the_trail(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decide(submission, senior)
    shown = Event.objects.all().about(submission).shown_to_members()
    assert "submission.decided" not in {event.name for event in shown}


def test_approving_needs_a_cleared_organization(owner: User, reviewer: User, senior: User) -> None:
    submission = factories.submitted(owner)
    for step in (actions.start_review, actions.confirm_eligibility, actions.put_for_decision):
        submission = step(submission, by=reviewer)
    with pytest.raises(ActionRefused, match="due diligence"):
        decide(submission, senior)
    pending = decide(submission, senior, "decline")
    assert list(submission.decisions.pending()) == [pending]


def test_a_clearance_that_ends_before_publication_stops_it(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decision = decide(submission, senior)
    cycle = submission.organization.due_diligence_cycles.get()
    cycle.status = "suspended"
    cycle.save()
    with pytest.raises(ActionRefused, match="due diligence"):
        actions.publish_decision(decision, by=senior)


def test_reviewers_do_not_decide(owner: User, reviewer: User) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    with pytest.raises(ActionRefused, match="Only a senior reviewer decides"):
        decide(submission, reviewer)


def test_nobody_reviews_or_decides_for_their_own_organization(
    owner: User, reviewer: User, senior: User
) -> None:
    place = owner.memberships.get().organization
    for person in (reviewer, senior):
        place.memberships.create(user=person, role="reader", function="Board member")
    submission = factories.submitted(owner)
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.start_review(submission, by=senior)
    with pytest.raises(ActionRefused, match="Only reviewers"):
        actions.write_note(submission, by=reviewer, text="x")


def test_a_second_decision_is_told_who_decided(owner: User, reviewer: User, senior: User) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decide(submission, senior)
    other = factories.staff("Senior reviewer", first_name="Kofi")
    with pytest.raises(ActionRefused, match=f"{senior} has decided already: “Approve”"):
        decide(submission, other, "decline")


def test_a_dropped_decision_stays_on_record_and_makes_room(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    first = actions.drop_decision(decide(submission, senior, "decline"), by=senior)
    second = decide(submission, senior)
    assert (first.dropped_by, list(submission.decisions.pending())) == (senior, [second])
    with pytest.raises(ActionRefused, match="dropped"):
        actions.publish_decision(first, by=senior)
    assert submission.decisions.count() == 2


def test_a_decision_on_answers_that_have_changed_since_is_not_published(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    clarification = asked(submission, reviewer, "description")
    decision = decide(submission, senior, "decline")
    answered(clarification, owner, description="We run 71 stations.")
    with pytest.raises(ActionRefused, match="changed the answers since this was decided"):
        actions.publish_decision(decision, by=senior)
    submission.refresh_from_db()
    assert submission.status == "for_decision"
    assert not OutgoingMail.objects.filter(message="decision_published").exists()
    actions.drop_decision(decision, by=senior)
    again = actions.publish_decision(decide(submission, senior, "decline"), by=senior)
    assert (again.submission.status, again.revision.number) == ("declined", 2)


def test_a_letter_can_be_edited_until_it_is_published(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decision = actions.edit_letter(decide(submission, senior), by=senior, letter="Second thought")
    actions.publish_decision(decision, by=senior)
    assert "Second thought" in OutgoingMail.objects.get(message="decision_published").text
    with pytest.raises(ActionRefused, match="published"):
        actions.edit_letter(decision, by=senior, letter="Third thought")


def test_a_senior_reopens_with_a_reason_that_only_staff_read(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    actions.publish_decision(decide(submission, senior, "decline"), by=senior)
    with pytest.raises(ActionRefused, match="not allowed"):
        actions.reopen(submission, by=reviewer, reason="They asked")
    submission = actions.reopen(submission, by=senior, reason="They asked for another look")
    assert submission.status == "eligibility_screening"
    assert Note.objects.get().text == "They asked for another look"


def test_a_closed_case_is_not_reopened_beside_a_newer_open_one(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    actions.publish_decision(decide(submission, senior, "decline"), by=senior)
    factories.draft(owner)
    with pytest.raises(ActionRefused, match="newer Expression of Interest"):
        actions.reopen(submission, by=senior, reason="They asked for another look")


@pytest.mark.django_db(transaction=True)
def test_of_approve_and_decline_at_once_exactly_one_wins(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    reviewer = factories.staff("Reviewer")
    seniors = [factories.staff("Senior reviewer") for _ in range(2)]
    submission = factories.for_decision(owner, reviewer=reviewer)

    def race(person: User, outcome: str) -> None:
        fresh = Submission.objects.get(pk=submission.pk)
        decision = decide(fresh, User.objects.get(pk=person.pk), outcome)
        actions.publish_decision(decision, by=User.objects.get(pk=person.pk))

    results = at_once(partial(race, seniors[0], "approve"), partial(race, seniors[1], "decline"))
    submission.refresh_from_db()
    assert results.count("done") == 1
    assert submission.status in {"approved", "declined"}
    assert OutgoingMail.objects.filter(message="decision_published").count() == 1


def test_the_mail_of_a_decision_names_the_state_it_led_to(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    actions.publish_decision(decide(submission, senior), by=senior)
    assert "State: Approved." in OutgoingMail.objects.get(message="decision_published").text


def test_conditions_must_be_written_before_they_are_published(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decision = decide(submission, senior, "approve_with_conditions")
    draft = "Approved under these conditions:\n\n- \n\nThe Alliance Secretariat"
    with pytest.raises(ActionRefused, match="Write the conditions"):
        actions.publish_decision(actions.edit_letter(decision, by=senior, letter=draft), by=senior)
    written = draft.replace("- ", "- a report every year")
    actions.edit_letter(decision, by=senior, letter=written)
    assert actions.publish_decision(decision, by=senior).published_at is not None


def test_a_clearance_whose_date_has_passed_approves_nobody(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    submission.organization.due_diligence_cycles.update(valid_until="2020-01-01")
    with pytest.raises(ActionRefused, match="due diligence"):
        decide(submission, senior)


def test_a_plain_reviewer_neither_edits_nor_drops_nor_publishes(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    decision = decide(submission, senior)
    with pytest.raises(ActionRefused, match="Only a senior reviewer edits"):
        actions.edit_letter(decision, by=reviewer, letter="x")
    with pytest.raises(ActionRefused, match="Only a senior reviewer drops"):
        actions.drop_decision(decision, by=reviewer)
    with pytest.raises(ActionRefused, match="Only a senior reviewer decides"):
        actions.publish_decision(decision, by=reviewer)


def test_the_letter_goes_to_the_owners_once_its_sender_has_left(
    owner: User, editor: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(editor, reviewer=reviewer)
    editor.memberships.get().delete()
    actions.publish_decision(decide(submission, senior), by=senior)
    assert OutgoingMail.objects.get(message="decision_published").recipient == owner.email


@pytest.mark.django_db(transaction=True)
def test_two_cases_reopened_at_once_leave_one_open(contents: None) -> None:
    owner = factories.member(factories.organization(), "owner")
    reviewer = factories.staff("Reviewer")
    senior = factories.staff("Senior reviewer")
    cases = []
    for number in range(2):
        submission = factories.submitted(owner)
        if number == 0:
            factories.clear(submission.organization)
        for step in (actions.start_review, actions.confirm_eligibility, actions.put_for_decision):
            submission = step(submission, by=reviewer)
        actions.publish_decision(decide(submission, senior, "decline"), by=senior)
        cases.append(submission.pk)

    def reopen(pk: int) -> None:
        case = Submission.objects.get(pk=pk)
        actions.reopen(case, by=User.objects.get(pk=senior.pk), reason="They asked")

    results = at_once(*(partial(reopen, pk) for pk in cases))
    assert results.count("done") == 1
    assert Submission.objects.applications().open().count() == 1
