"""A question in the course of due diligence: asked, answered by a member, or taken back."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alliance import unsent
from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.actions.due_diligence import advance
from organizations.actions.due_diligence_days import remind_of_questions
from organizations.actions.due_diligence_questions import (
    answer_question,
    ask_organization,
    take_back_question,
)
from organizations.models import DueDiligence, DueDiligenceQuestion, Organization, User
from tests import factories
from tests.racing import at_once

pytestmark = pytest.mark.django_db

QUESTION = "Who chairs your board?"
ANSWER = "Tiwonge Banda, since May."
PAGE = "/organization/answer/"


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def under_review(organization: Organization, by: User) -> DueDiligence:
    cycle = organization.due_diligence_cycles.get()
    for arrow in ("start_screening", "start_review"):
        cycle = advance(cycle, by=by, arrow=arrow)
    return cycle


@pytest.fixture
def asked(organization: Organization, reviewer: User) -> DueDiligenceQuestion:
    cycle = under_review(organization, reviewer)
    return ask_organization(cycle, by=reviewer, question=QUESTION, due_on=in_days(14))


def test_asking_waits_and_writes_to_owners_and_editors(
    owner: User, editor: User, reader: User, asked: DueDiligenceQuestion
) -> None:
    assert asked.cycle.status == "clarification_requested"
    mails = OutgoingMail.objects.filter(message="organization_question")
    assert {mail.recipient for mail in mails} == {owner.email, editor.email}
    assert QUESTION in mails[0].text


def test_a_member_answers_on_the_page_of_their_organization(
    owner_client: Client, owner: User, reviewer: User, asked: DueDiligenceQuestion
) -> None:
    assert QUESTION in owner_client.get("/organization/").content.decode()
    answer = owner_client.post(PAGE, {"answer": ANSWER}, follow=True)
    assert "Sent. The secretariat goes on with its checks." in answer.content.decode()
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, asked.cycle.status) == (ANSWER, owner, "under_review")
    assert OutgoingMail.objects.get(message="organization_answer").recipient == reviewer.email
    assert QUESTION not in owner_client.get("/organization/").content.decode()
    assert owner_client.get(PAGE)["Location"] == "/organization/"


def test_an_empty_answer_is_a_mistake(owner_client: Client, asked: DueDiligenceQuestion) -> None:
    answer = owner_client.post(PAGE, {"answer": "  "})
    assert (answer.status_code, "Write your answer." in answer.content.decode()) == (422, True)


def test_who_answers_second_is_told_who_was_first_and_keeps_the_text(
    owner_client: Client, editor: User, asked: DueDiligenceQuestion
) -> None:
    answer_question(asked, by=editor, answer="Somebody else.")
    answer = owner_client.post(PAGE, {"answer": ANSWER})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{editor} has answered already." in text
    assert ANSWER in text


def test_text_comes_back_after_the_next_login(owner: User, asked: DueDiligenceQuestion) -> None:
    client = factories.known_browser(owner)
    client.post(PAGE, {"answer": ANSWER, "made_for": unsent.marker(owner.pk)})
    login = {"login": owner.email, "password": factories.PASSWORD, "next": PAGE}
    assert ANSWER in client.post("/login/", login, follow=True).content.decode()


def test_readers_and_strangers_do_not_answer(
    reader: User, stranger: User, asked: DueDiligenceQuestion
) -> None:
    client = factories.logged_in(reader)
    assert QUESTION in client.get("/organization/").content.decode()
    assert client.post(PAGE, {"answer": ANSWER}).status_code == 403
    assert factories.logged_in(stranger).post(PAGE, {"answer": ANSWER}).status_code == 404
    for person in (reader, stranger):
        with pytest.raises(ActionRefused, match="Only owners and editors"):
            answer_question(asked, by=person, answer=ANSWER)


def test_a_question_can_be_taken_back_and_asked_anew(
    owner: User, reviewer: User, asked: DueDiligenceQuestion
) -> None:
    cycle = take_back_question(asked.cycle, by=reviewer)
    assert cycle.status == "under_review"
    with pytest.raises(ActionRefused, match="taken this question back"):
        answer_question(asked, by=owner, answer=ANSWER)
    again = ask_organization(cycle, by=reviewer, question="And now?", due_on=in_days(7))
    assert answer_question(again, by=owner, answer=ANSWER).status == "under_review"


@pytest.mark.parametrize("days", [-1, 6, 91])
def test_the_time_to_answer_is_neither_too_short_nor_endless(
    organization: Organization, reviewer: User, days: int
) -> None:
    cycle = under_review(organization, reviewer)
    with pytest.raises(ActionRefused, match="between 7 and 90 days"):
        ask_organization(cycle, by=reviewer, question=QUESTION, due_on=in_days(days))


def test_nothing_is_asked_before_the_review_and_by_no_member(
    organization: Organization, owner: User, reviewer: User
) -> None:
    cycle = organization.due_diligence_cycles.get()
    with pytest.raises(ActionRefused, match="it is now “Not started”"):
        ask_organization(cycle, by=reviewer, question=QUESTION, due_on=in_days(14))
    cycle = under_review(organization, reviewer)
    with pytest.raises(ActionRefused, match="not allowed"):
        ask_organization(cycle, by=owner, question=QUESTION, due_on=in_days(14))


def test_a_reviewer_asks_and_takes_back_on_the_page_of_the_cycle(
    reviewer_client: Client, organization: Organization, reviewer: User
) -> None:
    cycle = under_review(organization, reviewer)

    def post(name: str, data: dict[str, Any]) -> Any:
        path = reverse(f"admin:organizations_duediligence_{name}", args=[cycle.pk])
        return reviewer_client.post(path, data, follow=True)

    wrong = post("ask", {"question": QUESTION, "due_on": "soon"})
    assert (wrong.status_code, QUESTION in wrong.content.decode()) == (422, True)
    text = post("ask", {"question": QUESTION, "due_on": in_days(14).isoformat()}).content.decode()
    assert "The question is on its way" in text
    assert "Take the question back" in text
    assert "Taken back." in post("take_back", {}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(contents: None) -> None:
    place = factories.organization()
    people = [factories.member(place, "owner") for _ in range(2)]
    reviewer = factories.staff("Reviewer")
    cycle = under_review(place, reviewer)
    question = ask_organization(cycle, by=reviewer, question=QUESTION, due_on=in_days(14))

    def answer(person: User) -> None:
        fresh = DueDiligenceQuestion.objects.get(pk=question.pk)
        answer_question(fresh, by=User.objects.get(pk=person.pk), answer=str(person))

    told = at_once(*(partial(answer, person) for person in people))
    winner = people[told.index("done")]
    assert f"{winner} has answered already." in told
    assert DueDiligenceQuestion.objects.get().answer == str(winner)


def due_in(question: DueDiligenceQuestion, days: int) -> None:
    DueDiligenceQuestion.objects.filter(pk=question.pk).update(due_on=in_days(days))


def reminded() -> int:
    return OutgoingMail.objects.filter(message="organization_question_reminder").count()


def test_two_reminders_go_out_each_once_and_then_it_is_overdue(
    owner: User, reader: User, reviewer_client: Client, asked: DueDiligenceQuestion
) -> None:
    page = reverse("admin:organizations_duediligence_change", args=[asked.cycle_id])
    late = f"{reverse('admin:organizations_duediligence_changelist')}?list=late"
    for days, sent in ((6, 0), (5, 1), (4, 1), (2, 1), (1, 2), (0, 2), (-1, 2)):
        due_in(asked, days)
        remind_of_questions()
        remind_of_questions()
        assert reminded() == sent
        assert ("Overdue" in reviewer_client.get(page).text) == (days < 0)
        assert (owner.memberships.get().organization.name in reviewer_client.get(late).text) == (
            days < 0
        )
    mail = OutgoingMail.objects.filter(message="organization_question_reminder")[0]
    assert (mail.recipient, QUESTION in mail.text) == (owner.email, True)
    events = Event.objects.filter(name="due_diligence.question_reminded")
    assert [event.data["question"] for event in events] == [asked.pk, asked.pk]


def test_after_a_standstill_one_reminder_goes_out_and_leaves_a_day(
    owner: User, asked: DueDiligenceQuestion
) -> None:
    due_in(asked, -3)
    assert [remind_of_questions(), remind_of_questions()] == [1, 0]
    asked.refresh_from_db()
    assert (asked.due_on, reminded()) == (in_days(1), 1)


def test_what_is_answered_or_taken_back_is_not_reminded_of(
    owner: User, reviewer: User, asked: DueDiligenceQuestion
) -> None:
    cycle = answer_question(asked, by=owner, answer=ANSWER)
    second = ask_organization(cycle, by=reviewer, question=QUESTION, due_on=in_days(14))
    take_back_question(second.cycle, by=reviewer)
    DueDiligenceQuestion.objects.update(due_on=in_days(1))
    assert remind_of_questions() == 0
