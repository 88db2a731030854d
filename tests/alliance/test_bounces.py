"""What comes back: read, believed only where it names a mail of ours, and noted once."""

import io
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from alliance import alarms
from alliance.alarms import Trouble
from alliance.bounces import mailbox
from alliance.bounces.address import envelope_sender, mail_named
from alliance.bounces.intake import Outcome, take_in
from alliance.bounces.reading import LARGEST
from alliance.emails import send_due_mail
from alliance.mail_errors import explain
from alliance.models import OutgoingMail, Sweep, UndeliverableAddress
from alliance.undeliverable import arrives, came_back
from tests.alliance import bounced
from tests.alliance.imap import imap_server
from tests.certificates import self_signed
from tests.smtp import smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bounce_address(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = bounced.BACK


@pytest.fixture
def mail() -> OutgoingMail:
    return sent()


def sent(to: str = "Amina@Example.org") -> OutgoingMail:
    """A mail that a server had taken."""
    EmailMessage("Hello", "Text", to=[to]).send()
    OutgoingMail.objects.filter(status="queued").update(status="sent", sent_at=timezone.now())
    return OutgoingMail.objects.latest("pk")


def back(mail: OutgoingMail) -> str:
    return envelope_sender(mail.pk, "nobody")


def lost() -> list[str]:
    return list(UndeliverableAddress.objects.given_up().values_list("email", flat=True))


@pytest.mark.parametrize(
    "report",
    [bounced.postfix, bounced.office_365, bounced.gmail, bounced.sendmail, bounced.exim],
)
def test_an_address_that_does_not_exist_is_given_up(
    mail: OutgoingMail, report: Callable[[], bytes]
) -> None:
    assert take_in(report(), [back(mail)]) is Outcome.NOTED
    mail.refresh_from_db()
    assert (mail.status, mail.did_not_arrive) == ("bounced", True)
    assert "no such mailbox" in explain(mail.last_error)
    assert lost() == ["amina@example.org"]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (bounced.postfix_full, "is full"),
        (bounced.postfix_gave_up, "busy"),
        (bounced.exchange_blocked, "unwanted"),
        (bounced.rough_status, "unwanted"),
    ],
)
def test_what_says_nothing_about_the_mailbox_is_counted(
    report: Callable[[], bytes], words: str
) -> None:
    for number in range(1, UndeliverableAddress.MOST_SOFT + 1):
        assert lost() == []
        mail = sent()
        assert take_in(report(), [back(mail)]) is Outcome.NOTED
        assert UndeliverableAddress.objects.get().soft_bounces == number
    mail.refresh_from_db()
    assert words in explain(mail.last_error)
    assert lost() == ["amina@example.org"]


@pytest.mark.parametrize(
    "message",
    [
        bounced.postfix_late(),
        bounced.holiday(),
        bounced.person(),
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: multipart/report; boundary=\n\n",
        b"Content-Type: message/delivery-status\n\nnothing",
        b"Content-Type: text/plain; charset=nonsense\nReturn-Path: <>\n\n\xff",
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)
        ),
        random.Random(7).randbytes(100_000),
    ],
)
def test_what_does_not_say_that_a_mail_failed_changes_nothing(
    mail: OutgoingMail, message: bytes
) -> None:
    assert take_in(message, [back(mail)]) is Outcome.NO_FAILURE
    mail.refresh_from_db()
    assert mail.status == "sent"
    assert UndeliverableAddress.objects.count() == 0


def test_a_report_with_a_huge_copy_of_the_mail_is_read(mail: OutgoingMail) -> None:
    huge = bounced.postfix() + b"x" * 20 * LARGEST
    assert take_in(huge, [back(mail)]) is Outcome.NOTED


def test_nobody_can_silence_the_mail_of_another(mail: OutgoingMail) -> None:
    other = sent("ben@example.org")
    signature = back(other).partition("-")[2]
    forged = [
        bounced.BACK,
        f"bounces+{mail.pk}@alliance.example.org",
        f"bounces+{mail.pk}-{'0' * 16}@alliance.example.org",
        f"bounces+{mail.pk}-{signature}",
        f"bounces+{10**17}-{signature}",
        "bounces+٣-0000000000000000@alliance.example.org",
        "",
    ]
    for address in forged:
        assert take_in(bounced.postfix(to=address), [address]) is Outcome.NOT_OURS, address
    assert lost() == []


def test_the_address_is_found_in_the_headers_and_capitals_do_not_count(mail: OutgoingMail) -> None:
    assert take_in(bounced.postfix(to=back(mail).upper())) is Outcome.NOTED


def test_an_earlier_secret_still_signs(mail: OutgoingMail, settings: Settings) -> None:
    address = back(mail)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [settings.SECRET_KEY]
    assert mail_named(address) == mail.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert mail_named(address) is None


def test_one_report_counts_once(mail: OutgoingMail) -> None:
    assert take_in(bounced.postfix_full(), [back(mail)]) is Outcome.NOTED
    assert take_in(bounced.postfix_full(), [back(mail)]) is Outcome.KNOWN
    assert UndeliverableAddress.objects.get().soft_bounces == 1
    address = back(mail)
    mail.delete()
    assert take_in(bounced.postfix_full(), [address]) is Outcome.KNOWN


def test_what_came_back_long_ago_no_longer_counts() -> None:
    for _ in range(4):
        came_back("amina@example.org", is_hard=False, reason="full")
    UndeliverableAddress.objects.update(bounced_at=timezone.now() - timedelta(days=61))
    assert came_back("amina@example.org", is_hard=False, reason="full").soft_bounces == 1
    arrives("Amina@example.org")
    assert UndeliverableAddress.objects.count() == 0


def test_mail_leaves_from_the_address_that_it_comes_back_to(settings: Settings) -> None:
    with smtp_server() as server:
        settings.EMAIL_URL = server.url
        EmailMessage("Hello", "Text", "Alliance <a@example.org>", ["amina@example.org"]).send()
        settings.BOUNCE_ADDRESS = ""
        EmailMessage("Again", "Text", "Alliance <a@example.org>", ["amina@example.org"]).send()
        first, _ = OutgoingMail.objects.order_by("pk")
        settings.BOUNCE_ADDRESS = bounced.BACK
        OutgoingMail.objects.exclude(pk=first.pk).update(next_attempt_at="2999-01-01T00:00Z")
        assert send_due_mail() == 1
        settings.BOUNCE_ADDRESS = ""
        OutgoingMail.objects.update(next_attempt_at=timezone.now())
        assert send_due_mail() == 1
    assert [mail_named(sender) for sender in server.senders] == [first.pk, None]
    assert server.senders[1] == "a@example.org"
    assert all("From: Alliance <a@example.org>" in message for message in server.messages)


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        ("550 5.1.1 no such user", ["amina@example.org"]),
        ("550 no such user", ["amina@example.org"]),
        ("550 5.7.1 relaying denied", []),
        ("554 blocked", []),
        ("451 4.7.1 greylisted", []),
    ],
)
def test_what_is_refused_at_once_counts_too(
    settings: Settings, refusal: str, expected: list[str]
) -> None:
    with smtp_server() as server:
        settings.EMAIL_URL = server.url
        server.refusal = refusal
        EmailMessage("Hello", "Text", to=["amina@example.org"]).send()
        send_due_mail()
    assert lost() == expected


def test_a_mail_server_hands_it_to_the_command(
    mail: OutgoingMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(bounced.postfix())))
    said = io.StringIO()
    call_command("receive_bounce", back(mail), stdout=said)
    assert said.getvalue() == "noted\n"
    assert lost() == ["amina@example.org"]


def test_a_mailbox_is_read_what_is_ours_deleted_and_the_rest_left_for_people(
    mail: OutgoingMail, settings: Settings
) -> None:
    with imap_server() as server:
        settings.BOUNCE_MAILBOX = server.url
        server.messages = {
            3: bounced.postfix(to=back(mail)) + b"x" * 2 * LARGEST,
            7: bounced.person(),
        }
        cache.delete("alliance.bounces.mailbox")
        assert mailbox.collect() == 2
        assert mailbox.collect() == 0  # not yet again
        cache.delete("alliance.bounces.mailbox")
        assert mailbox.collect() == 0
    assert lost() == ["amina@example.org"]
    assert (list(server.messages), server.flags[7]) == ([7], r"\Seen")


@pytest.mark.parametrize("url", ["imap://bounces:wrong@127.0.0.1:{}/", "imap://127.0.0.1:1/"])
def test_a_mailbox_that_cannot_be_read_stops_nothing_and_its_password_stays_out_of_the_log(
    settings: Settings, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with imap_server() as server:
        settings.BOUNCE_MAILBOX = url.format(server.server_address[1])
        cache.delete("alliance.bounces.mailbox")
        assert mailbox.collect() == 0
    assert "bounce mailbox not read" in caplog.text
    assert "wrong" not in caplog.text


def test_a_mailbox_whose_host_cannot_prove_its_name_gets_no_password(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = self_signed(tmp_path / "server.pem")
    with imap_server(pem) as server:
        port = server.server_address[1]
        settings.BOUNCE_MAILBOX = f"imaps://bounces:s3cret@localhost:{port}/INBOX"
        cache.delete("alliance.bounces.mailbox")
        mailbox.collect()
        assert server.heard == []
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        server.messages = {7: bounced.person()}
        cache.delete("alliance.bounces.mailbox")
        assert mailbox.collect() == 1
        assert [line.split()[0] for line in server.heard[:2]] == [b"CAPABILITY", b"LOGIN"]


def test_a_mailbox_that_cannot_be_read_is_told_after_a_day_until_it_can(
    settings: Settings,
) -> None:
    def read_after(hours: int) -> set[Trouble]:
        Sweep.objects.update(failing_since=F("failing_since") - timedelta(hours=hours))
        cache.delete("alliance.bounces.mailbox")
        mailbox.collect()
        return set(alarms.of_mail())

    with imap_server() as server:
        settings.BOUNCE_MAILBOX = server.url.replace("s3cret", "wrong")
        assert (read_after(0), read_after(23)) == (set(), set())
        assert mailbox.unread_for() > timedelta(hours=23)
        assert read_after(2) == {Trouble("mailbox")}
        settings.BOUNCE_MAILBOX = server.url
        assert read_after(0) == set()
