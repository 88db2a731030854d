"""The review page: asking, settling, what changed, and the trail as a table."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from alliance.models import OutgoingMail
from organizations.models import User
from submissions import actions
from submissions.actions.clarification_days import lapse_unanswered
from submissions.models import Clarification, Submission
from tests import factories
from tests.submissions.asking import answered, asked, in_days, under_questions

pytestmark = pytest.mark.django_db


def page(submission: Submission) -> str:
    return reverse("admin:submissions_submission_change", args=[submission.pk])


def act(name: str, submission: Submission, *more: int) -> str:
    return reverse(f"admin:submissions_submission_{name}", args=[submission.pk, *more])


def asking(**changes: str) -> dict[str, Any]:
    return {
        "due_on": in_days(14).isoformat(),
        "rows": "4",
        "field_1": "description",
        "question_1": "How many stations?",
        "field_3": "",
        "question_3": "May we name you?",
    } | changes


@pytest.fixture
def under_review(owner: User, reviewer: User) -> Submission:
    return actions.start_review(factories.submitted(owner), by=reviewer)


def test_a_reviewer_asks_about_fields_and_the_whole(
    reviewer_client: Client, under_review: Submission
) -> None:
    answer = reviewer_client.post(act("ask", under_review), asking(), follow=True)
    text = answer.content.decode()
    assert "The questions are on their way" in text
    assert "Waiting for the applicant until" in text
    items = Clarification.objects.get().items.values_list("field", "question")
    assert list(items) == [("description", "How many stations?"), ("", "May we name you?")]


def test_the_page_holds_every_round_with_its_days_reminders_and_answers(
    reviewer_client: Client, reviewer: User, owner: User, under_review: Submission
) -> None:
    answered(asked(under_review, reviewer, "description", ""), owner, description="We run 23.")
    second = asked(under_review, reviewer, "description")
    text = reviewer_client.get(page(under_review)).text
    assert text.index("Questions, round 2") < text.index("Questions, round 1")
    assert "Reminders sent: 0 of 2." in text
    assert "Settled: 0 of 2." in text
    assert text.count("As you say.") == 2
    # The question leads to the answer that it is about, which stands on the page once.
    assert text.count('<a href="#answer-description">') == 2
    assert text.count('id="answer-description"') == 1
    assert "Overdue." not in text

    Clarification.objects.filter(pk=second.pk).update(due_on=in_days(-1), reminders_sent=2)
    late = reviewer_client.get(page(under_review)).text
    assert ("Overdue." in late, "Reminders sent: 2 of 2." in late) == (True, True)

    Clarification.objects.filter(pk=second.pk).update(due_on=in_days(-3))
    assert lapse_unanswered() == 1
    ended = reviewer_client.get(page(under_review)).text
    asked_until = date_format(in_days(-3))
    assert f"without answers, which were asked for until {asked_until}" in ended
    assert "Overdue." not in ended


def test_the_form_offers_the_fields_of_the_form_and_a_day_two_weeks_off(
    reviewer_client: Client, under_review: Submission
) -> None:
    form = reviewer_client.get(page(under_review)).context["questions_form"]
    offered = [str(label) for _name, label in form.fields["field_1"].choices]
    assert offered[:2] == [
        "General",
        "1. Official name of organization / institution / government entity (exclusions to apply)",
    ]
    assert form["due_on"].value() == in_days(14)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"question_1": "", "question_3": " "}, "Ask at least one question."),
        ({"due_on": "tomorrow"}, "Choose a day, as in 2026-12-04."),
        ({"due_on": ""}, "Please fill this in."),
        ({"field_1": "password"}, "Choose one of the answers in the list."),
    ],
)
def test_a_mistake_comes_back_with_what_was_typed(
    reviewer_client: Client, under_review: Submission, changes: dict[str, str], words: str
) -> None:
    answer = reviewer_client.post(act("ask", under_review), asking(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["questions_form"]["question_1"].value() == asking(**changes)["question_1"]
    assert not Clarification.objects.exists()


def test_a_day_too_near_is_refused_and_nothing_is_lost(
    reviewer_client: Client, under_review: Submission
) -> None:
    data = asking(due_on=in_days(2).isoformat())
    answer = reviewer_client.post(act("ask", under_review), data)
    assert answer.status_code == 409
    assert "Give them between 7 and 90 days." in answer.content.decode()
    assert answer.context["questions_form"]["question_3"].value() == "May we name you?"


def test_who_asks_second_is_told_who_asked_first_and_keeps_the_text(
    reviewer_client: Client, reviewer: User, under_review: Submission
) -> None:
    colleague = factories.staff("Reviewer", first_name="Kofi")
    asked(under_review, colleague)
    answer = reviewer_client.post(act("ask", under_review), asking())
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{colleague} was quicker: it is now “Clarification requested”." in text
    assert "How many stations?" in text


def test_more_room_keeps_what_was_typed_and_sends_nothing(
    reviewer_client: Client, under_review: Submission
) -> None:
    answer = reviewer_client.post(act("ask", under_review), asking(more="Room"))
    form = answer.context["questions_form"]
    assert (form.count, form["question_1"].value()) == (8, "How many stations?")
    assert form["field_1"].value() == "description"
    assert form.errors == {}
    again = reviewer_client.post(
        act("ask", under_review), asking(rows="8", question_8="And the last?")
    )
    assert again.status_code == 302
    assert Clarification.objects.get().items.count() == 3


@pytest.mark.parametrize(
    ("rows", "count"), [("1000", 8), ("999", 30), ("29", 30), ("x", 8), ("-1", 8)]
)
def test_the_page_never_has_more_room_than_a_round_takes(
    reviewer_client: Client, under_review: Submission, rows: str, count: int
) -> None:
    answer = reviewer_client.post(act("ask", under_review), asking(rows=rows, more="Room"))
    assert answer.context["questions_form"].count == count


def test_what_was_answered_is_settled_and_opened_again(
    reviewer_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    submission = answered(clarification, owner)
    item = clarification.items.get()
    text = reviewer_client.post(act("settle", submission, item.pk), follow=True).content.decode()
    assert "Open it again" in text
    item.refresh_from_db()
    assert item.settled_by == reviewer
    reviewer_client.post(act("unsettle", submission, item.pk))
    item.refresh_from_db()
    assert item.settled_by is None


def test_nothing_is_settled_any_more_once_a_case_is_closed(
    reviewer_client: Client, owner: User, reviewer: User
) -> None:
    submission = answered(under_questions(owner, reviewer), owner)
    assert "Mark as settled" in reviewer_client.get(page(submission)).text
    actions.withdraw(submission, by=owner)
    text = reviewer_client.get(page(submission)).text
    assert "Answer:" in text
    assert "Mark as settled" not in text


def test_a_question_of_another_case_is_not_found_there(
    reviewer_client: Client, owner: User, stranger: User, reviewer: User
) -> None:
    item = under_questions(owner, reviewer).items.get()
    other = under_questions(stranger, reviewer).submission
    assert reviewer_client.post(act("settle", other, item.pk)).status_code == 404


def test_an_answer_that_is_not_sent_yet_is_not_shown(
    reviewer_client: Client, owner: User, reviewer: User
) -> None:
    clarification = under_questions(owner, reviewer)
    clarification.items.update(answer="Not finished, not for you.")
    text = reviewer_client.get(page(clarification.submission)).content.decode()
    assert "Not finished, not for you." not in text


def test_the_page_shows_what_the_answers_changed(
    reviewer_client: Client, owner: User, reviewer: User
) -> None:
    submission = answered(under_questions(owner, reviewer, "region"), owner, region="arab-states")
    text = reviewer_client.get(page(submission)).content.decode()
    for words in ("What has changed", "Arab States</ins>", "Africa</del>", "As you say."):
        assert words in text


def test_reviewers_of_their_own_organization_neither_ask_nor_settle(
    reviewer_client: Client, owner: User, reviewer: User, senior: User
) -> None:
    clarification = under_questions(owner, senior)
    place = owner.memberships.get().organization
    place.memberships.create(user=reviewer, role="reader", function="Board member")
    submission = clarification.submission
    item = clarification.items.get()
    for path in (act("ask", submission), act("settle", submission, item.pk)):
        assert reviewer_client.post(path, asking()).status_code == 403
    assert reviewer_client.get(act("timeline", submission)).status_code == 403
    assert OutgoingMail.objects.filter(message="clarification_asked").count() == 1


def test_the_trail_as_a_table_holds_the_internal_part_too(
    reviewer_client: Client, owner: User, reviewer: User
) -> None:
    submission = answered(under_questions(owner, reviewer), owner)
    actions.write_note(submission, by=reviewer, text="Between us.")
    answer = reviewer_client.get(act("timeline", submission))
    heading, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading[0] == "Time"
    assert [line[1] for line in lines] == [
        "submission.begun",
        "submission.submitted",
        "submission.review_started",
        "submission.clarification_requested",
        "submission.clarification_answered",
        "submission.note_written",
    ]
    assert lines[-1][2:] == ["Internal note written", str(reviewer), "", "", "yes"]
    assert lines[3][4:6] == ["eligibility_screening", "clarification_requested"]
    assert "Between us." not in answer.content.decode()
