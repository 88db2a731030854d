"""A second click on the same button gets the first one's answer.

Where no script runs, a double click sends a form twice, and the browser shows what the second one
got. Both are the same to the letter, down to the random token of the page: that tells them from
somebody who sends something else, and nobody else can make it up.
"""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
_REMEMBERED = 5 * 60  # seconds
_LOCK = "SELECT pg_advisory_xact_lock(%s)"


def click_of(request: HttpRequest) -> str:
    """A name for this form as it was filled in; empty for what came from no page."""
    if _TOKEN not in request.POST:
        return ""
    return salted_hmac(
        "organizations.repeats", request.POST.urlencode(), algorithm="sha256"
    ).hexdigest()


def wait_for_first(click: str) -> None:
    """Let an earlier click come to its end before this transaction goes on."""
    if click:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [int(click[:15], 16)])


def take_over(request: HttpRequest, click: str) -> bool:
    """Put what the first click left in its session into this one; False where there was none."""
    left = cache.get(_key(click)) if click else None
    if left:
        request.session.update(left)
    return bool(left)


def leave(request: HttpRequest, click: str, *names: str) -> None:
    """Leave these entries of the session to a second click; within the first one's transaction."""
    if click:
        left = {name: request.session[name] for name in names if name in request.session}
        cache.set(_key(click), left, _REMEMBERED)


def _key(click: str) -> str:
    return f"click:{click}"
