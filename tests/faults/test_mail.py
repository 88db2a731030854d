"""A mail is delivered or visibly failed: over a line that refuses, stalls and breaks, and by workers
that are killed while they hand it over.

The whole takes minutes: `make faults ONLY=mail`. The suite runs a tenth of it.
"""

import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from email import message_from_string

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import Settings

from alliance.emails import send_due_mail
from alliance.models import OutgoingMail
from tests.faults.promises import Promise
from tests.faults.proxy import FaultyLine, faulty_line
from tests.programs import wait, worker
from tests.smtp import SMTPServer, smtp_server

pytestmark = pytest.mark.promise("A mail is delivered or visibly failed")

ROUNDS = [
    pytest.param(20, id="short"),
    pytest.param(200, id="whole", marks=pytest.mark.whole),
]
# Bytes of a conversation without what comes back, and of what comes back.
MOST_UP, MOST_DOWN = 900, 90


@pytest.fixture
def server() -> Iterator[SMTPServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def line(server: SMTPServer) -> Iterator[FaultyLine]:
    with faulty_line(server.server_address[1]) as faulty:
        yield faulty


def written(number: int) -> OutgoingMail:
    EmailMessage(f"Number {number}", "Rain.\n" * 40, to=["someone@example.org"]).send()
    return OutgoingMail.objects.latest("id")


def taken(server: SMTPServer) -> Counter[str]:
    """How often the server has said that it took the message with this id."""
    return Counter(str(message_from_string(text)["Message-ID"]) for text in server.messages)


FAULTS = ("refuse", "stall", "cut up", "cut down", "nothing")


def disturb(chance: random.Random, line: FaultyLine, what: str) -> None:
    if what == "refuse":
        line.refuse()
    elif what == "stall":
        line.stall()
    elif what == "cut up":
        line.cut(up=chance.randrange(MOST_UP))
    elif what == "cut down":
        line.cut(down=chance.randrange(MOST_DOWN))


@pytest.mark.timeout(1800)
@pytest.mark.django_db
@pytest.mark.parametrize("rounds", ROUNDS)
def test_whatever_the_line_does_each_mail_says_how_it_stands_and_arrives_in_the_end(
    server: SMTPServer, line: FaultyLine, settings: Settings, rounds: int, promise: Promise
) -> None:
    settings.EMAIL_URL, settings.EMAIL_TIMEOUT = f"smtp://127.0.0.1:{line.port}", 1
    chance = random.Random(5)
    faults: Counter[str] = Counter()
    for number in range(rounds):
        mail = written(number)
        fault = FAULTS[number % len(FAULTS)]
        disturb(chance, line, fault)
        sent = send_due_mail()
        line.mend()
        mail.refresh_from_db()
        heard = mail.status == OutgoingMail.Status.SENT
        faults[fault] += not heard
        assert sent == heard
        assert (mail.attempts, bool(mail.last_error)) == (1, not heard)
        if heard:
            assert taken(server)[mail.message_id] == 1
        else:
            assert mail.status == OutgoingMail.Status.QUEUED
            assert mail.next_attempt_at > timezone.now()
    assert faults["nothing"] == 0 < min(faults[what] for what in FAULTS[:-1])
    before = taken(server)
    late = OutgoingMail.objects.filter(status=OutgoingMail.Status.QUEUED)
    again = set(late.values_list("message_id", flat=True))
    late.update(next_attempt_at=timezone.now())
    while send_due_mail(limit=50):
        pass
    assert not late.exists()
    after = taken(server)
    # Whoever heard that it was taken sent it no second time; who could not know did, by the same id.
    everybody = OutgoingMail.objects.values_list("message_id", flat=True)
    assert after == {name: before[name] + (name in again) for name in everybody}
    promise.counted(rounds, attempts_cut=sum(faults.values()), mails=rounds, sent=len(after))


# The word that is not answered when the worker is killed, and how much was taken by then.
KILLS = {"DATA": 0, "QUIT": 1}


@pytest.mark.usefixtures("contents")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(["QUIT"], id="short"),
        pytest.param([*KILLS] * 5, id="whole", marks=pytest.mark.whole),
    ],
)
def test_what_a_killed_worker_had_begun_is_sent_by_the_next_under_the_same_id(
    server: SMTPServer, promise: Promise, kills: list[str]
) -> None:
    mail, number = written(1), 0
    for verb in kills:
        number += KILLS[verb]
        server.silence, server.silent_verb = threading.Event(), verb
        with worker(EMAIL_URL=server.url, ALLIANCE_SWEEP_SECONDS="1") as doomed:
            wait(server.is_silent.is_set)
            assert len(server.messages) == number
            doomed.send_signal(signal.SIGKILL)
            doomed.wait()
        server.silence.set()
        server.is_silent.clear()
        mail.refresh_from_db()
        assert (mail.status, mail.attempts) == (OutgoingMail.Status.QUEUED, 0)
    server.silence = None
    with worker(EMAIL_URL=server.url, ALLIANCE_SWEEP_SECONDS="1"):
        wait(lambda: not OutgoingMail.objects.due().exists())
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (OutgoingMail.Status.SENT, 1)
    assert taken(server) == {mail.message_id: number + 1}
    promise.counted(len(kills), workers_killed=len(kills), ids_of_the_mail=len(taken(server)))
