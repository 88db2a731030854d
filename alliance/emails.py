"""The outbox: mail is a row, written in the transaction that it tells of, and sent by the worker.

A message is delivered at least once: a crash between the SMTP server's yes and our commit sends
it again under the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import make_msgid
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from alliance.bounces.address import envelope_sender
from alliance.bounces.verdict import refusal_in
from alliance.models import OutgoingMail
from alliance.undeliverable import came_back

log = logging.getLogger(__name__)

# Minutes to wait after the first, second, … failed attempt; after the last one it has failed.
RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180, 360, 720, 1440)

_NOT_ABOUT_THE_MESSAGE = (
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
)

# Marks a message whose body opens an account (codes, reset links).
SECRET_HEADER = "X-Alliance-Secret"  # noqa: S105 - the name of a header
MESSAGE_HEADER = "X-Alliance-Message"


def queue_mail(
    message: str,
    recipient: str,
    context: dict[str, Any],
    *,
    is_secret: bool = False,
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
    about: Model | None = None,
) -> None:
    """Put one message into the outbox.

    `message` names the templates `emails/<message>.subject.txt`, `.txt` and `.html`; the context
    gets `site_url` besides what is given. `about` is the saved row of the case: its page shows what
    became of the message.
    """
    words = written(message, context)
    mail = OutgoingMail(
        message=message,
        recipient=recipient,
        sender=settings.DEFAULT_FROM_EMAIL,
        reply_to=reply_to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        headers=dict(headers or {}),
        message_id=_message_id(),
        is_secret=is_secret,
        about_type=about._meta.label_lower if about else "",
        about_id=about.pk if about else None,
    )
    mail.save(force_insert=True)
    _deliver_soon()


class Written(NamedTuple):
    """What a message says: its subject on one line, its text, and the same as HTML."""

    subject: str
    text: str
    html: str


def written(message: str, context: dict[str, Any]) -> Written:
    """The message as `queue_mail` would put it into the outbox."""
    context = {"site_url": settings.SITE_URL, **context}
    subject = render_to_string(f"emails/{message}.subject.txt", context)
    return Written(
        " ".join(subject.split()),
        render_to_string(f"emails/{message}.txt", context),
        render_to_string(f"emails/{message}.html", context),
    )


class OutboxBackend(BaseEmailBackend):
    """Django's mail backend for the whole portal: one row in the outbox for each recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [row for message in email_messages for row in _rows(message)]
        OutgoingMail.objects.bulk_create(rows)
        if rows:
            _deliver_soon()
        return len(email_messages)


def _deliver_soon() -> None:
    """Once the transaction is through; what is lost here, the sweep finds."""
    transaction.on_commit(deliver.enqueue, robust=True)


def _message_id() -> str:
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def _rows(message: EmailMessage) -> list[OutgoingMail]:
    html = next(
        (
            str(part.content)
            for part in getattr(message, "alternatives", [])
            if part.mimetype == "text/html"
        ),
        "",
    )
    headers = dict(message.extra_headers)
    name = headers.pop(MESSAGE_HEADER, "")
    is_secret = headers.pop(SECRET_HEADER, "") == "1"
    return [
        OutgoingMail(
            message=name,
            recipient=recipient,
            sender=message.from_email,
            reply_to=", ".join(message.reply_to),
            subject=str(message.subject),
            text=str(message.body),
            html=html,
            headers=headers,
            message_id=_message_id(),
            is_secret=is_secret,
        )
        for recipient in message.recipients()
    ]


@task()
def deliver() -> None:
    """Send what is due; enqueued when mail is written, so that it leaves at once."""
    send_due_mail()


class _Outcome(Enum):
    SENT = "sent"
    FAILED = "failed"
    SERVER_AWAY = "server away"
    NONE_DUE = "none due"


def send_due_mail(limit: int = 200) -> int:
    """Send up to `limit` due messages and return how many left; safe to run twice at once.

    A server that is away costs one message an attempt, not each: where it says nothing, every one
    would take until its patience ends, and what the worker does besides would wait for all of them.
    """
    sent = 0
    for _ in range(limit):
        outcome = _send_next()
        sent += outcome == _Outcome.SENT
        if outcome in {_Outcome.NONE_DUE, _Outcome.SERVER_AWAY}:
            break
    return sent


def _send_next() -> _Outcome:
    """Send the next due message under its row's lock."""
    with transaction.atomic():
        mail = OutgoingMail.objects.due().select_for_update(skip_locked=True).first()
        if mail is None:
            return _Outcome.NONE_DUE
        mail.attempts += 1
        outcome = _Outcome.SENT
        try:
            _hand_over(mail)
        except Exception as error:  # noqa: BLE001 - one that cannot be built must not hold up the rest
            outcome = _Outcome.SERVER_AWAY if _is_away(error) else _Outcome.FAILED
            _note_failure(mail, error)
        else:
            mail.status = OutgoingMail.Status.SENT
            mail.sent_at = timezone.now()
            mail.last_error = ""
        mail.save()
        return outcome


def _is_away(error: Exception) -> bool:
    """Whether the server serves nobody, or not us, whichever message it is."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, _NOT_ABOUT_THE_MESSAGE)
    return isinstance(error, OSError)


def _note_failure(mail: OutgoingMail, error: Exception) -> None:
    code = None if _is_away(error) else getattr(error, "smtp_code", None)
    mail.last_error = f"{type(error).__name__}: {error}"[:2000]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = max(error.recipients.values())
        _note_refusal(mail, code, words)
    is_final = code is not None and 500 <= code < 600
    if is_final or mail.attempts > len(RETRY_AFTER_MINUTES):
        mail.status = OutgoingMail.Status.FAILED
    else:
        wait = timedelta(minutes=RETRY_AFTER_MINUTES[mail.attempts - 1])
        mail.next_attempt_at = timezone.now() + wait
    log.warning("mail not sent", extra={"mail": mail.pk, "error": type(error).__name__})


def _note_refusal(mail: OutgoingMail, code: int, words: bytes) -> None:
    """Our mail server would not take it for its recipient."""
    refusal = refusal_in(f"{code} {words.decode('utf-8', 'replace')}")
    if refusal is not None and code >= 500:
        came_back(mail.recipient, is_hard=refusal.is_for_good, reason=mail.last_error)


def _hand_over(mail: OutgoingMail) -> None:
    """Give the message to the SMTP server; without one (local mode) the outbox is its end."""
    if not settings.EMAIL_URL:
        return
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=envelope_sender(mail.pk, mail.sender),
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={**mail.headers, "From": mail.sender, "Message-ID": mail.message_id},
        connection=smtp_connection(settings.EMAIL_URL),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    message.send()


def smtp_connection(url: str) -> SMTPBackend:
    """Django's SMTP backend for `smtp://user:password@host:port?tls=1` (`ssl=1`: TLS at once)."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return SMTPBackend(
        host=parts.hostname,
        port=parts.port or 25,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=query.get("tls") == ["1"],
        use_ssl=query.get("ssl") == ["1"],
        timeout=settings.EMAIL_TIMEOUT,
    )
