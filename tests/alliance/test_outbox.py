"""The outbox: what is due is delivered, or visibly failed, and nothing holds up the rest."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import Settings

from alliance.emails import RETRY_AFTER_MINUTES, send_due_mail
from alliance.models import OutgoingMail
from tests.smtp import SMTPServer, smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Settings) -> Iterator[SMTPServer]:
    with smtp_server() as running:
        settings.EMAIL_URL = running.url
        yield running


def written(subject: str = "Hello", to: str = "someone@example.org") -> OutgoingMail:
    EmailMessage(subject, "Text", to=[to]).send()
    return OutgoingMail.objects.latest("id")


def test_mail_is_a_row_until_the_worker_delivers_it(server: SMTPServer) -> None:
    mail = written("Réponse à votre demande")
    assert (mail.status, server.messages) == ("queued", [])

    assert send_due_mail() == 1

    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.last_error) == ("sent", 1, "")
    assert mail.sent_at is not None
    assert len(server.messages) == 1
    assert f"Message-ID: {mail.message_id}" in server.messages[0]


def test_a_message_to_several_people_goes_to_each_alone(server: SMTPServer) -> None:
    EmailMessage("Hello", "Text", to=["one@example.org", "two@example.org"]).send()
    assert send_due_mail() == 2
    assert all("one@" not in text or "two@" not in text for text in server.messages)


def test_a_passing_refusal_is_tried_again_later(server: SMTPServer) -> None:
    mail = written()
    server.refusal = "451 try again later"
    assert send_due_mail() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("queued", 1)
    assert "451" in mail.last_error
    wait = mail.next_attempt_at - timezone.now()
    assert timedelta(seconds=50) < wait <= timedelta(minutes=RETRY_AFTER_MINUTES[0])

    server.refusal = ""
    assert send_due_mail() == 0, "it is not due yet"
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    assert send_due_mail() == 1


def test_a_final_refusal_is_a_failure_at_once(server: SMTPServer) -> None:
    mail = written()
    server.refusal = "550 no such mailbox"
    send_due_mail()
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("failed", 1)
    assert "550" in mail.last_error


def test_after_the_last_attempt_it_has_failed(server: SMTPServer) -> None:
    mail = written()
    server.refusal = "451 try again later"
    for _ in range(len(RETRY_AFTER_MINUTES) + 1):
        OutgoingMail.objects.update(next_attempt_at=timezone.now())
        send_due_mail()
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("failed", len(RETRY_AFTER_MINUTES) + 1)


def test_a_server_that_is_down_loses_nothing(settings: Settings) -> None:
    mail = written()
    with smtp_server() as gone:
        settings.EMAIL_URL = gone.url
    assert send_due_mail() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("queued", 1)


def test_one_that_cannot_be_built_does_not_hold_up_the_rest(server: SMTPServer) -> None:
    broken, sound = written(), written("Behind it")
    OutgoingMail.objects.filter(pk=broken.pk).update(subject="two\nlines")
    assert send_due_mail() == 1
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (sound.status, broken.attempts) == ("sent", 1)
    assert "Header values can't contain newlines" in broken.last_error


def test_without_a_server_local_mode_keeps_it_for_its_viewer(settings: Settings) -> None:
    settings.EMAIL_URL = ""
    mail = written()
    send_due_mail()
    mail.refresh_from_db()
    assert mail.status == "sent"
