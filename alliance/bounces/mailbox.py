"""A mailbox that failures come back to, read by the worker over IMAP."""

import imaplib
import logging
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache

from alliance.bounces.intake import Outcome, take_in
from alliance.bounces.reading import LARGEST

log = logging.getLogger(__name__)

_EVERY = 5 * 60  # seconds
_MOST = 100  # messages at once
_PORTS = {"imap": 143, "imaps": 993}
_SECONDS = 20  # for one answer of the server


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
        return _read_all(settings.BOUNCE_MAILBOX)
    except (OSError, imaplib.IMAP4.error) as error:
        # Only its kind: the server's words may hold the password.
        log.warning("bounce mailbox not read", extra={"error": type(error).__name__})
        return 0


def _read_all(url: str) -> int:
    parts = urlsplit(url)
    connect = imaplib.IMAP4_SSL if parts.scheme == "imaps" else imaplib.IMAP4
    port = parts.port or _PORTS[parts.scheme]
    with connect(parts.hostname or "localhost", port, timeout=_SECONDS) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        server.select(f'"{unquote(parts.path.strip("/")) or "INBOX"}"')
        _, found = server.uid("SEARCH", "UNSEEN")
        numbers = (found[0] or b"").split()[:_MOST]
        for number in numbers:
            _read_one(server, number.decode())
        server.expunge()
    return len(numbers)


def _read_one(server: imaplib.IMAP4, number: str) -> None:
    """Only the beginning of a huge one is sent to us."""
    _, answer = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
    message = next((part[1] for part in answer if isinstance(part, tuple)), b"")
    outcome = take_in(message)
    flag = r"\Deleted" if outcome in {Outcome.NOTED, Outcome.KNOWN} else r"\Seen"
    server.uid("STORE", number, "+FLAGS", f"({flag})")
