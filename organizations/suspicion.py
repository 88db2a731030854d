"""Whether a Connect message looks like advertising: then a person looks at it before anybody is told.

What looks so is not refused. The secretariat finds it under “Held back”, and lets it through or
deletes it; the page with the thanks says so to everybody.
"""

import re
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from alliance.limits import hashed
from organizations.models import ConnectMessage

_MANY_LINKS = 3
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
# Nobody types the marks of web pages and forums into a letter.
_MARKUP = re.compile(r"<a\s|\[url", re.IGNORECASE)
# A text of this length, in characters, is not written alike by chance.
_LONG = 40
_SAME_TEXT = 2
_SAME_TEXT_WITHIN = timedelta(days=7)
_REMEMBERED = timedelta(days=180)


def is_suspicious(message: ConnectMessage) -> bool:
    """Whether to hold back an unsaved message. Never one that reports a concern."""
    if message.is_concern:
        return False
    text = message.message
    has_links = len(_LINK.findall(text)) >= _MANY_LINKS or _MARKUP.search(text) is not None
    return has_links or _is_known(message.email) or _is_sent_again_and_again(text)


def remember_sender(message: ConnectMessage) -> None:
    """Hold back what comes from this address from now on, for half a year."""
    cache.set(_key(message.email), True, timeout=_REMEMBERED.total_seconds())


def forget_sender(message: ConnectMessage) -> None:
    cache.delete(_key(message.email))


def _is_known(email: str) -> bool:
    return cache.get(_key(email)) is not None


def _key(email: str) -> str:
    """No address stands in the cache."""
    return f"organizations.suspicion.{hashed(email.lower())}"


def _is_sent_again_and_again(text: str) -> bool:
    if len(text) < _LONG:
        return False
    since = timezone.now() - _SAME_TEXT_WITHIN
    same = ConnectMessage.objects.filter(message=text, created_at__gt=since)
    return same.count() >= _SAME_TEXT
