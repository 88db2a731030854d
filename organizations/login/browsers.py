"""The browsers that a person has logged in with: a new one is asked for more, and told of.

A cookie names them. It counts for ninety days and for the password that it was made under, so
that a new password makes every browser a new one again. Several people may share a browser.
"""

import time
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from organizations.models import User

AGE = 90 * 24 * 60 * 60  # seconds
# How many people one browser is kept for, the latest ones.
_MOST = 5
_SALT = "organizations.login.browsers"

Entry = tuple[str, int]


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether this person has logged in with this browser before, under the present password."""
    ours = _marks(user)
    return any(mark in ours for mark, _ in _entries(request))


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Let the browser keep that this person has logged in with it."""
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        cookie_value(user, _entries(request)),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def cookie_value(user: User, others: list[Entry] | None = None) -> str:
    """What the cookie holds for this person, and for those who used the browser before."""
    ours = _marks(user)
    kept = [entry for entry in others or [] if entry[0] not in ours]
    return signing.dumps([*kept, (ours[0], int(time.time()))][-_MOST:], salt=_SALT)


def _entries(request: HttpRequest) -> list[Entry]:
    """Whom the cookie names, oldest first; nobody, where it is forged or no longer counts."""
    cookie = request.COOKIES.get(settings.BROWSER_COOKIE_NAME, "")
    try:
        named = signing.loads(cookie, salt=_SALT, max_age=AGE)
    except signing.BadSignature:
        return []
    return [(mark, at) for mark, at in named if time.time() - at < AGE]


def _marks(user: User) -> list[str]:
    """What stands for the person and their password; also under earlier secret keys."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return [sha256(f"{user.pk} {one}".encode()).hexdigest() for one in hashes]
