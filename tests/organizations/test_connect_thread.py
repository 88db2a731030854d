"""The thread of a Connect message: answered in the admin, written back to by its link."""

import re
import time
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from alliance.dates import working_days_before
from alliance.exceptions import ActionRefused
from alliance.models import Event, OutgoingMail
from organizations.actions.connect import receive_message
from organizations.actions.connect_thread import (
    answer_message,
    assign_message,
    write_back,
    write_connect_note,
)
from organizations.connect_links import VALID_FOR, thread_link
from organizations.groups import ADMINISTRATOR, LIBRARY_EDITOR, REVIEWER, SENIOR_REVIEWER
from organizations.models import ConnectMessage, ConnectReply, ConnectRoute, User
from organizations.spam import new_ticket
from tests import factories
from tests.organizations.registering import ticket_of_age
from tests.racing import at_once

pytestmark = pytest.mark.django_db

LIST = "/admin/organizations/connectmessage/"
ROUTES = "/admin/organizations/connectroute/"


def received(reason: str = "explore-partnership", **fields: Any) -> ConnectMessage:
    fields = {
        "name": "Question Asker",
        "email": "writer@example.org",
        "organization": "Ministry of Water",
        "job_title": "Planner",
        "message": "When is the next call?",
        "fingerprint": f"{ConnectMessage.objects.count()}",
    } | fields
    term = factories.term("connect-reason", reason)
    return receive_message(ConnectMessage(reason=term, **fields), by=None)


@pytest.fixture
def question() -> ConnectMessage:
    return received()


@pytest.fixture
def concern() -> ConnectMessage:
    return received("correction-report", name="Worried Person", message="About a colleague.")


@pytest.fixture
def client(reviewer: User) -> Client:
    return factories.logged_in(reviewer)


def act(message: ConnectMessage, name: str) -> str:
    return f"{LIST}{message.pk}/{name}/"


def path_of(message: ConnectMessage) -> str:
    return thread_link(message).removeprefix(settings.SITE_URL)


@pytest.fixture
def ticket() -> str:
    return ticket_of_age()


def test_an_answer_goes_to_the_sender_with_a_link_by_which_they_write_back(
    question: ConnectMessage, client: Client, reviewer: User, ticket: str
) -> None:
    sent = {"text": "In March <3", "seen": "0"}
    assert client.post(act(question, "answer"), sent).status_code == 302
    question.refresh_from_db()
    assert (question.status, question.assignee) == ("answered", reviewer)
    mail = OutgoingMail.objects.get(message="connect_answer")
    assert mail.recipient == "writer@example.org"
    assert "In March <3" in mail.text
    assert "In March &lt;3" in mail.html
    assert question.replies.get().mail == mail

    found = re.search(r"/connect/messages/\S+/", mail.text)
    assert found is not None
    visitor = Client()
    page = visitor.get(found[0])
    assert "When is the next call?" in page.content.decode()
    assert "In March &lt;3" in page.content.decode()
    assert str(reviewer) not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]

    back = {"text": "Which day?", "ticket": ticket}
    assert visitor.post(found[0], back).status_code == 302
    question.refresh_from_db()
    assert (question.status, question.status_by) == ("new", None)
    told = OutgoingMail.objects.get(message="connect_written_back")
    assert told.recipient == reviewer.email
    assert "Which day?" in client.get(f"{LIST}{question.pk}/change/").content.decode()
    names = [event.name for event in Event.objects.all().about(question).order_by("id")]
    assert names == ["connect.received", "connect.answered", "connect.written_back"]


def test_a_double_click_writes_back_once(question: ConnectMessage, ticket: str) -> None:
    for _ in range(2):
        Client().post(path_of(question), {"text": "Which day?", "ticket": ticket})
    assert question.replies.count() == 1
    assert OutgoingMail.objects.filter(message="connect_written_back").count() == 1


def test_the_guards_of_the_connect_form_stand_before_writing_back(
    question: ConnectMessage, ticket: str
) -> None:
    path = path_of(question)
    for wrong in (
        {"text": "Quick", "ticket": new_ticket()},
        {"text": "Forged", "ticket": "x"},
        {"text": "Trapped", "ticket": ticket, "trap": "spam"},
        {"text": "word " * 301, "ticket": ticket},
        {"text": "", "ticket": ticket},
    ):
        assert Client().post(path, wrong).status_code == 200
    assert question.replies.count() == 0
    for number in range(11):
        answer = Client().post(path, {"text": f"Answer {number}", "ticket": ticket})
    assert question.replies.count() == 10
    assert "Please try again in" in answer.content.decode()


def test_a_link_lapses_and_a_forged_one_leads_nowhere(
    question: ConnectMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(question)
    assert Client().get(path).status_code == 200
    for forged in ("1.forged", f"{question.pk + 1}{path.split('/')[3][1:]}", "%C3%A9", "%00"):
        assert Client().get(f"/connect/messages/{forged}/").status_code in {400, 404}
    later = time.time() + VALID_FOR.total_seconds() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    page = Client().get(path)
    assert page.status_code == 404
    assert "When is the next call?" not in page.content.decode()


def test_notes_stay_with_the_staff(question: ConnectMessage, client: Client) -> None:
    assert client.post(act(question, "note"), {"text": "Petrel note"}).status_code == 302
    client.post(act(question, "answer"), {"text": "In March", "seen": "0"})
    assert "Petrel note" in client.get(f"{LIST}{question.pk}/change/").content.decode()
    assert "Petrel note" not in Client().get(path_of(question)).content.decode()
    assert not OutgoingMail.objects.filter(text__contains="Petrel note").exists()


def test_who_answers_second_is_told_and_keeps_the_text(
    question: ConnectMessage, client: Client, senior: User
) -> None:
    answer_message(question, by=senior, text="In March", seen=0)
    response = client.post(act(question, "answer"), {"text": "In April", "seen": "0"})
    page = response.content.decode()
    assert response.status_code == 409
    assert f"{senior} has answered meanwhile" in page
    assert "In April</textarea>" in page
    assert question.replies.count() == 1
    again = client.post(act(question, "answer"), {"text": "In April", "seen": "1"})
    assert again.status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_of_two_who_answer_at_once_one_mail_goes_out() -> None:
    message = received()
    people = [factories.staff(REVIEWER) for _ in range(2)]
    answers = at_once(
        *(partial(answer_message, message, by=person, text="Yes", seen=0) for person in people)
    )
    assert sorted(answer == "done" for answer in answers) == [False, True]
    assert OutgoingMail.objects.filter(message="connect_answer").count() == 1


def test_a_mail_that_did_not_arrive_shows_in_the_thread(
    question: ConnectMessage, client: Client, reviewer: User
) -> None:
    answer_message(question, by=reviewer, text="In March", seen=0)
    OutgoingMail.objects.filter(message="connect_answer").update(
        status="failed", last_error="SMTPRecipientsRefused: {'x': (550, b'5.1.1 no')}"
    )
    page = client.get(f"{LIST}{question.pk}/change/").content.decode()
    assert "It did not arrive." in page
    assert "There is no such mailbox." in page


@pytest.mark.parametrize(
    ("role", "may"),
    [(REVIEWER, False), (LIBRARY_EDITOR, False), (SENIOR_REVIEWER, True), (ADMINISTRATOR, True)],
)
def test_a_concern_is_nowhere_for_those_who_may_not_read_it(
    concern: ConnectMessage, role: str, may: bool, senior: User
) -> None:
    answer_message(concern, by=senior, text="Osprey answer", seen=0)
    write_back(concern, text="Osprey reply", fingerprint="f")
    write_connect_note(concern, by=senior, text="Osprey note")
    person = factories.staff(role)
    other = factories.logged_in(person)
    pages = (LIST, f"{LIST}?q=Osprey", f"{LIST}?overdue=yes", f"{LIST}?whose=waiting")
    texts = [other.get(path).content.decode() for path in pages]
    texts += [other.get(f"{LIST}{concern.pk}/change/").content.decode()]
    outbox = other.get("/admin/alliance/outgoingmail/?q=writer")
    assert (outbox.status_code == 200) is (role == ADMINISTRATOR)
    assert any("Worried Person" in text for text in texts) is may
    assert any("Osprey note" in text for text in texts) is may
    for name, sent in (
        ("answer", {"text": "Mine", "seen": "2"}),
        ("note", {"text": "Mine"}),
        ("assign", {"person": ""}),
        ("deal-with", {}),
    ):
        assert (other.post(act(concern, name), sent).status_code == 302) is may
    assert ConnectReply.objects.filter(text="Mine").exists() is may
    waiting = ConnectMessage.objects.waiting_for(person, may_read_concerns=may)
    assert list(waiting) == []


def test_actions_refuse_a_concern_to_a_reviewer_whoever_calls_them(
    concern: ConnectMessage, reviewer: User, senior: User
) -> None:
    with pytest.raises(ActionRefused, match="not for you"):
        answer_message(concern, by=reviewer, text="Mine", seen=0)
    with pytest.raises(ActionRefused, match="not for you"):
        write_connect_note(concern, by=reviewer, text="Mine")
    with pytest.raises(ActionRefused, match="may not read"):
        assign_message(concern, by=senior, to=reviewer)


def test_mails_about_a_concern_tell_staff_neither_words_nor_names(
    concern: ConnectMessage, senior: User
) -> None:
    assign_message(concern, by=senior, to=factories.staff(SENIOR_REVIEWER))
    write_back(concern, text="Osprey reply", fingerprint="f")
    mails = OutgoingMail.objects.exclude(recipient=concern.email)
    assert {mail.message for mail in mails} == {
        "connect_concern",
        "connect_assigned",
        "connect_written_back",
    }
    for mail in mails:
        everything = mail.subject + mail.text + mail.html
        for word in ("Osprey", "Worried", "colleague.", concern.email, "Ministry"):
            assert word not in everything


def test_a_message_is_assigned_to_a_colleague_who_is_told(
    question: ConnectMessage, client: Client, senior: User
) -> None:
    assert client.post(act(question, "assign"), {"person": senior.pk}).status_code == 302
    question.refresh_from_db()
    assert question.assignee == senior
    assert OutgoingMail.objects.get(message="connect_assigned").recipient == senior.email
    client.post(act(question, "assign"), {"person": senior.pk})
    assert OutgoingMail.objects.filter(message="connect_assigned").count() == 1


@pytest.mark.parametrize("person", ["0", "x", "999999999999999999999", "-1"])
def test_a_message_goes_to_nobody_who_is_not_offered(
    question: ConnectMessage, client: Client, library_editor: User, person: str
) -> None:
    for value in (person, str(library_editor.pk)):
        assert client.post(act(question, "assign"), {"person": value}).status_code == 422
    question.refresh_from_db()
    assert question.assignee is None


@pytest.mark.parametrize("seen", ["", "x", "-1", str(10**30)])
def test_a_hostile_count_is_no_fault(question: ConnectMessage, client: Client, seen: str) -> None:
    assert client.post(act(question, "answer"), {"text": "A", "seen": seen}).status_code == 422
    assert question.replies.count() == 0


def test_a_route_tells_its_people_and_assigns(
    administrator: User, senior: User, reviewer: User
) -> None:
    term = factories.term("connect-reason", "join")
    client = factories.logged_in(administrator)
    sent = {"reason": term.pk, "role": SENIOR_REVIEWER, "people": [], "assignee": reviewer.pk}
    assert client.post(f"{ROUTES}add/", sent).status_code == 302
    assert Event.objects.get(name="connect_route.added").actor_id == administrator.pk

    message = received("join")

    assert message.assignee == reviewer
    told = OutgoingMail.objects.filter(message="connect_message").order_by("recipient")
    assert {mail.recipient for mail in told} == {senior.email, reviewer.email}
    received("explore-partnership")
    assert OutgoingMail.objects.filter(recipient=settings.SECRETARIAT_EMAIL).count() == 1


def test_a_route_of_concerns_reaches_nobody_who_may_not_read_them(
    administrator: User, reviewer: User, senior: User
) -> None:
    term = factories.term("connect-reason", "correction-report")
    client = factories.logged_in(administrator)
    for wrong in ({"people": [reviewer.pk]}, {"assignee": reviewer.pk}, {"role": REVIEWER}):
        response = client.post(f"{ROUTES}add/", {"reason": term.pk} | wrong)
        assert "read concerns" in response.content.decode()
    assert not ConnectRoute.objects.exists()
    # Somebody may have lost the right since.
    route = ConnectRoute.objects.create(reason=term, assignee=reviewer, role="Reviewer")
    route.people.add(reviewer, senior)
    message = received("correction-report")
    assert message.assignee is None
    told = OutgoingMail.objects.get(message="connect_concern")
    assert told.recipient == senior.email


def test_only_administrators_set_up_routes(senior: User, reviewer: User) -> None:
    for person in (senior, reviewer):
        other = factories.logged_in(person)
        assert other.get(ROUTES).status_code == 403
        assert other.post(f"{ROUTES}add/", {}).status_code == 403


def test_a_message_is_overdue_after_five_working_days(
    question: ConnectMessage, client: Client, reviewer: User
) -> None:
    assert list(ConnectMessage.objects.overdue()) == []
    since = timezone.now() - timedelta(days=9)
    ConnectMessage.objects.update(status_at=since)
    assert list(ConnectMessage.objects.overdue()) == [question]
    assert "Overdue</span>" in client.get(LIST).content.decode()
    assert "Question Asker" in client.get(f"{LIST}?overdue=yes").content.decode()
    answer_message(question, by=reviewer, text="Sorry", seen=0)
    assert list(ConnectMessage.objects.overdue()) == []


def test_weekends_are_no_working_days() -> None:
    monday = date(2026, 11, 23)
    assert working_days_before(monday, 1).isoformat() == "2026-11-20"
    assert working_days_before(monday, 5).isoformat() == "2026-11-16"
    assert working_days_before(monday, 6).isoformat() == "2026-11-13"


def test_what_waits_for_somebody_is_theirs_or_nobodys(
    question: ConnectMessage, reviewer: User, senior: User
) -> None:
    waiting = ConnectMessage.objects.waiting_for
    assert list(waiting(reviewer, may_read_concerns=False)) == [question]
    assign_message(question, by=reviewer, to=senior)
    assert list(waiting(reviewer, may_read_concerns=False)) == []
    assert list(waiting(senior, may_read_concerns=True)) == [question]


def test_the_page_leads_to_the_institution_whose_member_has_this_address(
    client: Client, owner: User
) -> None:
    message = received(email=owner.email.upper())
    page = client.get(f"{LIST}{message.pk}/change/").content.decode()
    assert f"/admin/organizations/organization/{owner.memberships.get().organization_id}/" in page
    assert "Anyone can type any address." in page


def test_nobody_is_answered_whose_address_is_gone(question: ConnectMessage, client: Client) -> None:
    ConnectMessage.objects.update(email="")
    response = client.post(act(question, "answer"), {"text": "A", "seen": "0"})
    assert "no longer kept" in response.content.decode()
    assert question.replies.count() == 0
