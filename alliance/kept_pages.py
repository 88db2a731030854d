"""Whole answers to visitors, kept in the process for as long as they are true; see ADR 0063.

    @public
    @require_safe
    @kept_for_visitors
    def home(request): ...

An answer is kept as it goes out, with its headers and compressed, under the name of the state that
it was made from (`alliance.states`). Before it is given again the state is asked for, in one query.
Only for addresses without a question, only for whoever has neither login nor message, and never
one that sets a cookie. Browsers are told to ask each time, and get 304 where nothing is new.

    @public
    @require_safe
    @kept_order
    def file(request, ...): ...

The same for answers that have nginx send a file (`alliance.files.accel`), to whoever asks for the
whole of it. What is to be done at each of them, as to count it, is said by `each_time`.
"""

import hashlib
import time
from collections.abc import Callable, Hashable
from functools import partial, wraps
from typing import Any, NamedTuple, TypeVar, cast

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_request

from alliance import states
from alliance.bounded import Bounded

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
AfterThat = Callable[[HttpRequest, HttpResponseBase], None]

# What no state tells of, as the number of approvals on the first page, is no older than that.
LONGEST = 60  # seconds
MOST_BYTES = 8 * 2**20
_SMALLEST = 2**11  # what an answer takes besides its content
# Whoever keeps a page asks each time whether it still holds: what is hidden is gone at once.
ASK_EACH_TIME = "no-cache"

_MADE_FROM = "made_from"
_EACH_TIME = "each_time"
# All headers together, as `request.headers` has them, take longer to read than an answer to find.
_READ = ("HTTP_HOST", "HTTP_ACCEPT_ENCODING")
_KNOWN = "HTTP_IF_NONE_MATCH"
# With one of these somebody asks for a part of a file, or for one that they do not have yet.
_CONDITIONS = frozenset(
    f"HTTP_{name}"
    for name in (
        *("RANGE", "IF_RANGE", "IF_MATCH", "IF_NONE_MATCH"),
        *("IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE"),
    )
)


class Kept(NamedTuple):
    """An answer as it goes out; `route` is for the log, `then` follows each time it is given."""

    state: Hashable
    until: float
    content: bytes
    headers: list[tuple[str, str]]
    route: ResolverMatch | None
    then: AfterThat | None

    def answer(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(self.content, headers=dict(self.headers))
        if self.then is not None:
            # When it is closed: the reader has all of it by then. The stubs do not know the list.
            answer._resource_closers.append(  # type: ignore[attr-defined]
                partial(self.then, request, answer)
            )
        return answer


_pages: Bounded[Kept] = Bounded(MOST_BYTES)
forget = _pages.clear


def kept_for_visitors(view: View) -> View:
    """Let the answers of a view be kept: they depend on the address, the language and the state."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_plain(request):
            return view(request, *args, **kwargs)
        # Read before whatever is drawn: at worst something newer is drawn once more.
        state = states.settled()
        response = view(request, *args, **kwargs)
        says_otherwise = response.status_code != 200 or response.has_header("Cache-Control")
        if state is not None and not says_otherwise and isinstance(response, HttpResponse):
            setattr(response, _MADE_FROM, state)
            digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
            response["ETag"] = f'W/"{digest}"'
            response["Cache-Control"] = ASK_EACH_TIME
        return response

    return cast(View, keeping)


def kept_order(view: View) -> View:
    """Let it be kept that nginx is to send a file: another answer of the view never is."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (is_plain(request) and _CONDITIONS.isdisjoint(request.META)):
            return view(request, *args, **kwargs)
        state = states.settled()
        response = view(request, *args, **kwargs)
        if state is not None and response.status_code == 200 and "X-Accel-Redirect" in response:
            setattr(response, _MADE_FROM, state)
        return response

    return cast(View, keeping)


def each_time(response: HttpResponseBase, then: AfterThat) -> None:
    """Have `then` follow whenever this answer is given again; it must not raise."""
    setattr(response, _EACH_TIME, then)


def kept_pages(get_response: Handler) -> Handler:
    """Middleware around all that draws: answers what is kept, and keeps what may be."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not is_plain(request):
            return get_response(request)
        key = _key(request)
        kept = _pages.get(key)
        if kept is not None and _fits(kept, request) and _still_holds(kept):
            request.resolver_match = kept.route
            return _unless_known(request, kept.answer(request))
        response = get_response(request)
        _keep(key, request, response)
        return _unless_known(request, response)

    return middleware


def is_plain(request: HttpRequest) -> bool:
    """Whether nothing but the address and the language says what is to be shown."""
    return not request.META.get("QUERY_STRING") and is_visitor(request)


def is_visitor(request: HttpRequest) -> bool:
    """Whether somebody asks who is not logged in, and whom no message waits for."""
    personal = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return personal.isdisjoint(request.COOKIES)


def _key(request: HttpRequest) -> Hashable:
    host, encodings = (request.META.get(name, "") for name in _READ)
    takes_gzip = bool(re_accepts_gzip.search(encodings))
    return request.scheme, host, request.path_info, takes_gzip, get_language_from_request(request)


def _fits(kept: Kept, request: HttpRequest) -> bool:
    return bool(kept.content) or _CONDITIONS.isdisjoint(request.META)


def _still_holds(kept: Kept) -> bool:
    if kept.until < time.monotonic():
        return False
    try:
        return states.settled() == kept.state
    except DatabaseError:
        return False  # the page will say so itself


def _keep(key: Hashable, request: HttpRequest, response: HttpResponse) -> None:
    state = getattr(response, _MADE_FROM, None)
    if state is None or response.cookies:
        return
    headers = list(response.headers.items())
    until = time.monotonic() + LONGEST
    then = getattr(response, _EACH_TIME, None)
    kept = Kept(state, until, response.content, headers, request.resolver_match, then)
    _pages.put(key, kept, len(kept.content) + _SMALLEST)


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 where the browser has this page already."""
    if _KNOWN not in request.META or not response.has_header("ETag"):
        return response
    known = get_conditional_response(request, etag=response["ETag"], response=response)
    return cast(HttpResponse, known)
