"""A mailbox that failures come back to, read by the worker over IMAP."""

import imaplib
import logging
import ssl
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from alliance import sweeping
from alliance.bounces.intake import Outcome, take_in
from alliance.bounces.reading import LARGEST
from alliance.models import Sweep

log = logging.getLogger(__name__)

_EVERY = 5 * 60  # seconds
_MOST = 100  # messages at once
_PORTS = {"imap": 143, "imaps": 993}
_SECONDS = 20  # for one answer of the server
# How reading goes has a row of its own: the sweep, which mostly finds that it is not time yet, goes
# well in any case.
_NOTED_AS = "alliance.bounces.mailbox"


def collect() -> int:
    """Read what has come into the mailbox, if there is one; returns how many. A sweep.

    What we understood is deleted, the rest is marked as read and left for people. A message that is
    read twice, because the worker was killed before it was deleted, changes nothing.
    """
    if not settings.BOUNCE_MAILBOX:
        return 0
    if not cache.add("alliance.bounces.mailbox", "read", timeout=_EVERY):
        return 0
    try:
        number = _read_all(settings.BOUNCE_MAILBOX)
    except (OSError, imaplib.IMAP4.error) as error:
        # Only its kind: the server's words may hold the password.
        log.warning("bounce mailbox not read", extra={"error": type(error).__name__})
        sweeping.note(_NOTED_AS, is_well=False)
        return 0
    sweeping.note(_NOTED_AS, is_well=True)
    return number


def unread_for() -> timedelta:
    """For how long each reading has failed; nothing where the last went well, or none is due."""
    if not settings.BOUNCE_MAILBOX:
        return timedelta()
    sweep = Sweep.objects.filter(path=_NOTED_AS, failing_since__isnull=False).first()
    if sweep is None or sweep.failing_since is None:
        return timedelta()
    return timezone.now() - sweep.failing_since


def _read_all(url: str) -> int:
    parts = urlsplit(url)
    with _connected(parts.scheme, parts.hostname or "localhost", parts.port) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        server.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"')
        _, found = server.uid("SEARCH", "UNSEEN")
        numbers = (found[0] or b"").split()[:_MOST]
        for number in numbers:
            _read_one(server, number.decode())
        server.expunge()
    return len(numbers)


def _connected(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    """With `imaps` to a host alone that can prove its name: Python's own default asks for nothing."""
    port = port or _PORTS[scheme]
    if scheme == "imaps":
        trusting = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port, ssl_context=trusting, timeout=_SECONDS)
    return imaplib.IMAP4(host, port, timeout=_SECONDS)


def _read_one(server: imaplib.IMAP4, number: str) -> None:
    """Only the beginning of a huge one is sent to us."""
    _, answer = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
    message = next((part[1] for part in answer if isinstance(part, tuple)), b"")
    outcome = take_in(message)
    flag = r"\Deleted" if outcome in {Outcome.NOTED, Outcome.KNOWN} else r"\Seen"
    server.uid("STORE", number, "+FLAGS", f"({flag})")
