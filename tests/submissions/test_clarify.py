"""Questions to the applicant: who may ask and answer, what opens, what stays as it was sent."""

import pytest
from django.core.files.base import ContentFile

from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.models import ScreenedName, User
from submissions import actions
from submissions.answers import Answers
from submissions.models import Clarification, ClarificationItem, Submission
from tests import factories
from tests.submissions.asking import QUESTION, answered, asked, in_days, under_questions


def fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def test_asking_waits_for_the_applicant_and_writes_to_them(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer, "description", "")
    submission = fresh(clarification.submission)
    assert (submission.status, submission.return_to) == (
        "clarification_requested",
        "eligibility_screening",
    )
    assert [(item.position, item.field) for item in clarification.items.all()] == [
        (1, "description"),
        (2, ""),
    ]
    mail = OutgoingMail.objects.get(message="clarification_asked")
    assert mail.recipient == owner.email
    assert QUESTION in mail.text
    assert "7. Brief description of your institution (max. 150 words)" in mail.text


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_review_goes_on_from_where_it_was_asked(
    owner: User, reviewer: User, steps: int
) -> None:
    submission = factories.submitted(owner)
    walk = [actions.start_review, actions.confirm_eligibility, actions.put_for_decision]
    for step in walk[:steps]:
        submission = step(submission, by=reviewer)
    before = submission.status
    submission = answered(asked(submission, reviewer), owner)
    assert (submission.status, submission.return_to) == (before, "")


def test_sending_back_makes_a_revision_in_which_only_what_was_asked_differs(
    owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "region")
    submission = answered(clarification, owner, region="arab-states")
    second, first = submission.revisions.all()
    assert (second.number, second.made_by) == (2, owner)
    assert second.answers == first.answers | {
        "region": {"code": "arab-states", "label": "Arab States"}
    }
    assert fresh(submission).region == "arab-states"
    clarification.refresh_from_db()
    assert (clarification.answered_by, clarification.is_open) == (owner, False)


def test_the_declaration_stays_as_it_was_given_by_whom_and_when(
    owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description")
    submission = answered(clarification, editor, description="We measure.")
    second, first = (
        (row.declaration, row.declared_by, row.declared_at) for row in submission.revisions.all()
    )
    assert second == first
    assert second[0]
    assert second[1] == owner


def test_a_question_about_the_declaration_asks_for_all_of_it_again(
    owner: User, editor: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "declaration")
    submission = answered(clarification, editor)
    last = submission.revisions.latest("number")
    assert last.statements
    assert last.declared_by == editor


def test_a_new_lead_is_screened(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer, "lead_name")
    answered(clarification, owner, lead_name="Tiwonge Banda")
    assert ScreenedName.objects.filter(name="Tiwonge Banda").exists()


def test_the_reviewer_is_told_of_the_answers(owner: User, reviewer: User) -> None:
    submission = answered(under_questions(owner, reviewer), owner)
    mail = OutgoingMail.objects.get(message="clarification_answered")
    assert mail.recipient == reviewer.email
    assert str(submission.reference) in mail.text


def test_an_unanswered_question_keeps_it_from_going_back(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer, "description", "")
    first = clarification.items.earliest("position")
    submission = actions.save_answers(
        fresh(clarification.submission),
        by=owner,
        version=clarification.submission.version,
        answers={first.pk: "As you say."},
        typed={},
    )
    answers = Answers(values={})
    with pytest.raises(ActionRefused, match="Answer every question first"):
        actions.send_back(submission, by=owner, version=submission.version, answers=answers)
    actions.settle(clarification.items.latest("position"), by=reviewer)
    sent = actions.send_back(submission, by=owner, version=submission.version, answers=answers)
    assert sent.status == "eligibility_screening"


def test_readers_and_strangers_and_staff_do_not_answer(
    owner: User, reader: User, stranger: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    for person in (reader, stranger, reviewer):
        with pytest.raises(ActionRefused, match="Only owners and editors"):
            answered(clarification, person)


def test_members_and_reviewers_of_their_own_organization_do_not_ask(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = actions.start_review(factories.submitted(owner), by=reviewer)
    place = owner.memberships.get().organization
    place.memberships.create(user=senior, role="reader", function="Board member")
    for person in (owner, senior):
        with pytest.raises(ActionRefused, match="not allowed"):
            asked(submission, person)


def test_nothing_is_asked_before_the_review_begins(owner: User, reviewer: User) -> None:
    with pytest.raises(ActionRefused, match="it is now “Received”"):
        asked(factories.submitted(owner), reviewer)


@pytest.mark.parametrize("days", [-1, 0, 6, 91])
def test_the_time_to_answer_is_neither_too_short_nor_endless(
    owner: User, reviewer: User, days: int
) -> None:
    with pytest.raises(ActionRefused, match="between 7 and 90 days"):
        under_questions(owner, reviewer, days=days)


def test_a_round_has_a_question_and_not_too_many(owner: User, reviewer: User) -> None:
    submission = actions.start_review(factories.submitted(owner), by=reviewer)
    for questions in ([], [actions.Question("Why?")] * 31):
        with pytest.raises(ActionRefused, match="question"):
            actions.ask(submission, by=reviewer, questions=questions, due_on=in_days(14))


def test_nothing_is_asked_while_a_decision_is_pending(
    owner: User, reviewer: User, senior: User
) -> None:
    submission = factories.for_decision(owner, reviewer=reviewer)
    actions.decide(
        submission,
        by=senior,
        outcome="approve",
        reason=factories.term("decision-reason", "meets-criteria"),
        explanation="Clear.",
        letter="Welcome.",
    )
    with pytest.raises(ActionRefused, match="A decision is pending"):
        asked(submission, reviewer)


def test_a_second_round_can_follow_the_first(owner: User, reviewer: User) -> None:
    submission = answered(under_questions(owner, reviewer, "region"), owner, region="arab-states")
    submission = answered(asked(submission, reviewer, "region"), owner, region="africa")
    assert submission.revisions.latest("number").number == 3
    assert Clarification.objects.filter(answered_at__isnull=False).count() == 2


def test_what_is_saved_and_not_sent_changes_no_revision(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer, "description")
    submission = fresh(clarification.submission)
    saved = actions.save_answers(
        submission,
        by=owner,
        version=submission.version,
        answers={},
        typed={"description": ["Not finished"]},
    )
    assert saved.typed["description"] == ["Not finished"]
    assert saved.revisions.latest("number").answers["description"] != "Not finished"
    again = actions.save_answers(
        saved, by=owner, version=0, answers={}, typed={"description": ["Not finished"]}
    )
    assert again.version == saved.version


def test_a_newer_version_is_not_overwritten(owner: User, editor: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    item = clarification.items.get()
    submission = fresh(clarification.submission)
    for person, text in ((editor, "Mine"), (owner, "No, mine")):
        if person == owner:
            with pytest.raises(actions.NewerVersionSaved) as refused:
                actions.save_answers(
                    submission,
                    by=person,
                    version=submission.version,
                    answers={item.pk: text},
                    typed={},
                )
            assert refused.value.current.saved_by == editor
        else:
            actions.save_answers(
                submission, by=person, version=submission.version, answers={item.pk: text}, typed={}
            )
    item.refresh_from_db()
    assert item.answer == "Mine"


def test_a_decline_ends_the_open_questions(owner: User, reviewer: User, senior: User) -> None:
    clarification = under_questions(owner, reviewer)
    decision = actions.decide(
        fresh(clarification.submission),
        by=senior,
        outcome="decline",
        reason=factories.term("decision-reason", "not-relevant"),
        explanation="No link.",
        letter="We are sorry.",
    )
    actions.publish_decision(decision, by=senior)
    clarification.refresh_from_db()
    assert (clarification.is_open, clarification.answered_at) == (False, None)
    with pytest.raises(
        ActionRefused, match="The secretariat was quicker: it is now “Not approved”"
    ):
        answered(clarification, owner)


def test_withdrawing_ends_the_open_questions(owner: User, reviewer: User) -> None:
    clarification = under_questions(owner, reviewer)
    actions.withdraw(fresh(clarification.submission), by=owner)
    clarification.refresh_from_db()
    assert not clarification.is_open


def test_marks_are_set_and_taken_off_by_reviewers_alone(owner: User, reviewer: User) -> None:
    item = under_questions(owner, reviewer).items.get()
    with pytest.raises(ActionRefused, match="Only reviewers"):
        actions.settle(item, by=owner)
    item = actions.settle(item, by=reviewer)
    assert (item.is_settled, item.settled_by) == (True, reviewer)
    assert not actions.unsettle(item, by=reviewer).is_settled
    names = Event.objects.all().shown_to_members().values_list("name", flat=True)
    assert not {"submission.question_settled", "submission.question_unsettled"} & set(names)
    assert ClarificationItem.objects.get().settled_by is None


def test_the_logo_changes_with_the_revision_that_was_asked_for_it(
    owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer, "description")
    submission = fresh(clarification.submission)
    submission.logo.save("other.webp", ContentFile(b"RIFF"), save=True)
    second, first = answered(clarification, owner).revisions.all()
    assert second.logo_name == first.logo_name
    second, first, _oldest = answered(asked(submission, reviewer, "logo"), owner).revisions.all()
    assert second.logo_name == submission.logo.name
    assert second.statements
