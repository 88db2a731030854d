"""The outbox in the admin: why a mail failed, sending it again, and whom it is shown to."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from alliance.emails import queue_mail, send_due_mail
from alliance.exceptions import ActionRefused
from alliance.mail_errors import explain
from alliance.models import Event, OutgoingMail
from alliance.outbox import send_again
from organizations.groups import ADMINISTRATOR, LIBRARY_EDITOR, REVIEWER, SENIOR_REVIEWER
from organizations.models import User
from submissions import actions
from tests import factories
from tests.racing import at_once
from tests.smtp import SMTPServer, smtp_server

pytestmark = pytest.mark.django_db

LIST = "/admin/alliance/outgoingmail/"


@pytest.fixture
def server(settings: Settings) -> Iterator[SMTPServer]:
    with smtp_server() as running:
        settings.EMAIL_URL = running.url
        yield running


@pytest.fixture
def client(administrator: User) -> Client:
    return factories.logged_in(administrator)


def failed(server: SMTPServer, refusal: str = "550 5.1.1 no such user") -> OutgoingMail:
    EmailMessage("Your letter", "The text", to=["someone@example.org"]).send()
    server.refusal = refusal
    send_due_mail()
    server.refusal = ""
    return OutgoingMail.objects.latest("id")


def page_of(client: Client, mail: OutgoingMail) -> str:
    return client.get(f"{LIST}{mail.pk}/change/").content.decode()


def test_a_failed_mail_says_why_and_is_delivered_once_sent_again(
    server: SMTPServer, client: Client, administrator: User
) -> None:
    mail = failed(server)
    page = page_of(client, mail)
    assert "There is no such mailbox." in page
    assert list(OutgoingMail.objects.failed()) == [mail]

    client.post(f"{LIST}{mail.pk}/send-again/")

    assert send_due_mail() == 1
    mail.refresh_from_db()
    assert (mail.status, mail.last_error, mail.recipient) == ("sent", "", "someone@example.org")
    assert len(server.messages) == 1
    event = Event.objects.all().about(mail).get()
    assert (event.name, event.actor_id) == ("mail.sent_again", administrator.pk)
    assert list(OutgoingMail.objects.failed()) == []


def test_what_was_delivered_is_not_sent_twice(server: SMTPServer, client: Client) -> None:
    EmailMessage("Your letter", "The text", to=["someone@example.org"]).send()
    send_due_mail()
    mail = OutgoingMail.objects.get()
    page = client.post(f"{LIST}{mail.pk}/send-again/", follow=True).content.decode()
    assert "This mail has not failed" in page
    assert send_due_mail() == 0
    assert len(server.messages) == 1
    assert not Event.objects.filter(name="mail.sent_again").exists()


def test_of_a_selection_only_what_failed_goes_out_again(server: SMTPServer, client: Client) -> None:
    mail = failed(server)
    EmailMessage("Delivered", "The text", to=["other@example.org"]).send()
    send_due_mail()
    chosen = list(OutgoingMail.objects.values_list("pk", flat=True))
    client.post(LIST, {"action": "send_selected_again", "_selected_action": chosen})
    assert [event.subject_id for event in Event.objects.filter(name="mail.sent_again")] == [mail.pk]
    assert send_due_mail() == 1
    assert len(server.messages) == 2


def test_a_mail_whose_text_is_forgotten_is_not_sent_empty(
    server: SMTPServer, client: Client
) -> None:
    mail = failed(server)
    OutgoingMail.objects.update(text="", html="")
    page = client.post(f"{LIST}{mail.pk}/send-again/", follow=True).content.decode()
    assert "no longer kept" in page
    client.post(LIST, {"action": "send_selected_again", "_selected_action": [mail.pk]})
    assert send_due_mail() == 0
    assert server.messages == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("contents")
def test_two_who_send_one_again_at_once_send_it_once() -> None:
    EmailMessage("Your letter", "The text", to=["someone@example.org"]).send()
    OutgoingMail.objects.update(status="failed")
    mail, person = OutgoingMail.objects.get(), factories.user()
    answers = at_once(*[partial(send_again, mail, by=person)] * 2)
    assert sorted(answers)[1] == "done"
    assert "has not failed" in sorted(answers)[0]
    assert Event.objects.filter(name="mail.sent_again").count() == 1


@pytest.mark.parametrize("role", [REVIEWER, SENIOR_REVIEWER, LIBRARY_EDITOR])
def test_only_administrators_open_the_outbox(server: SMTPServer, role: str) -> None:
    mail = failed(server)
    other = factories.logged_in(factories.staff(role))
    assert other.get(LIST).status_code == 403
    assert other.get(f"{LIST}{mail.pk}/change/").status_code == 403
    assert other.post(f"{LIST}{mail.pk}/send-again/").status_code == 403
    assert send_due_mail() == 0


def test_a_text_that_opens_an_account_is_shown_to_nobody(client: Client) -> None:
    queue_mail("connect_received", "a@example.org", {"message": None}, is_secret=True)
    mail = OutgoingMail.objects.get()
    OutgoingMail.objects.update(text="Code 123456")
    page = page_of(client, mail)
    assert "Shown to nobody but its recipient." in page
    assert "123456" not in page


@pytest.mark.parametrize("query", ["message=%00", "message=nothing", "status__exact=x", "q=%00"])
def test_a_hostile_query_is_no_fault(client: Client, query: str) -> None:
    assert client.get(f"{LIST}?{query}").status_code in {200, 302, 400}


def test_the_case_shows_who_did_not_get_its_letter_and_the_mail_leads_to_the_case(
    server: SMTPServer, owner: User, reviewer: User, client: Client
) -> None:
    submission = factories.submitted(owner)
    server.refusal = "550 5.1.1 no such user"
    send_due_mail()
    case = f"/admin/submissions/submission/{submission.pk}/change/"
    page = factories.logged_in(reviewer).get(case).content.decode()
    assert owner.email in page
    assert "It did not arrive." in page
    mail = OutgoingMail.objects.about(submission).get()
    assert f"{LIST}{mail.pk}/" not in page, "reviewers do not enter the outbox"
    assert case not in page_of(client, mail), "administrators do not enter the case"

    reviewer.groups.add(Group.objects.get(name=ADMINISTRATOR))
    both = factories.logged_in(reviewer)
    assert f"{LIST}{mail.pk}/" in both.get(case).content.decode()
    assert case in page_of(both, mail)


def test_every_mail_about_a_submission_is_shown_with_it(owner: User, reviewer: User) -> None:
    submission = factories.submitted(owner)
    actions.start_review(submission, by=reviewer)
    assert {mail.message for mail in OutgoingMail.objects.about(submission)} == {
        "application_received"
    }


def test_a_crash_after_the_server_took_it_sends_it_again_under_the_same_number(
    server: SMTPServer,
) -> None:
    EmailMessage("Your letter", "The text", to=["someone@example.org"]).send()
    with transaction.atomic():
        assert send_due_mail() == 1
        transaction.set_rollback(True)  # the worker dies before its transaction ends
    mail = OutgoingMail.objects.get()
    assert mail.status == "queued"
    assert send_due_mail() == 1
    assert [f"Message-ID: {mail.message_id}" in text for text in server.messages] == [True, True]


def test_a_server_that_does_not_answer_holds_up_for_the_time_allowed_and_loses_nothing(
    server: SMTPServer, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    EmailMessage("Your letter", "The text", to=["someone@example.org"]).send()
    server.silence = threading.Event()
    began = timezone.now()
    assert send_due_mail() == 0
    server.silence.set()
    mail = OutgoingMail.objects.get()
    assert (timezone.now() - began).total_seconds() < 5
    assert (mail.status, mail.attempts) == ("queued", 1)
    assert explain(mail.last_error) == "The mail server did not answer in time."


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("550 5.1.1 no such user", "There is no such mailbox"),
        ("550 gone", "There is no such mailbox"),
        ("552 5.2.2 over quota", "is full"),
        ("452 4.2.2 over quota", "is full"),
        ("554 5.7.1 spam", "unwanted mail"),
        ("550 5.7.1 spam", "unwanted mail"),
        ("451 4.3.0 later", "try again later"),
        ("599 never", "refused it for good"),
    ],
)
def test_the_answer_of_a_server_is_put_into_words(
    server: SMTPServer, refusal: str, words: str
) -> None:
    assert words in explain(failed(server, refusal).last_error)


def test_an_error_without_words_says_so_and_no_error_says_nothing() -> None:
    assert explain("KeyError: 'x'").startswith("It could not be sent, and we do not know why.")
    assert explain("") == ""


def test_a_mail_that_is_on_its_way_is_not_sent_again_by_an_action(administrator: User) -> None:
    EmailMessage("Your letter", "The text", to=["someone@example.org"]).send()
    with pytest.raises(ActionRefused, match="“Queued” now"):
        send_again(OutgoingMail.objects.get(), by=administrator)
