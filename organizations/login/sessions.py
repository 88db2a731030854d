"""How long a login lasts. Cookies alone cannot say it: a browser may keep them for ever."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.sessions import SessionStore

Handler = Callable[[HttpRequest], HttpResponse]

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# What a page asks for by itself, with nobody at it, is no sign of life.
BY_ITSELF = "X-By-Itself"

_BEGAN = "session_began"
_SEEN = "session_seen"
# Being there is noted once a minute, not with every page: a page that reads should not write.
_NOTED_EVERY = MINUTE


@dataclass(frozen=True)
class Limits:
    """Seconds that a login lasts without a sign of life, and in all."""

    idle: int
    absolute: int


STAFF = Limits(idle=30 * MINUTE, absolute=8 * HOUR)
MEMBER = Limits(idle=60 * MINUTE, absolute=12 * HOUR)
REMEMBERED = Limits(idle=30 * DAY, absolute=30 * DAY)


@dataclass(frozen=True)
class End:
    """When a login ends by itself: in so many seconds, for good or unless something happens."""

    seconds: int
    is_final: bool

    @property
    def at(self) -> datetime:
        return timezone.now() + timedelta(seconds=self.seconds)

    @property
    def is_near(self) -> bool:
        """Whether somebody may see it come; who is remembered for weeks need not know yet."""
        return self.seconds <= DAY


def session_limits(get_response: Handler) -> Handler:
    """Middleware: end logins that have lasted too long; anonymous sessions are left alone.

    Belongs after the middleware of messages, in front of the closed door.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # A request without the cookie must not touch the session, or no cache may keep its page.
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_cookie and SESSION_KEY in request.session and request.user.is_authenticated:
            if is_over(request, time.time()):
                logout(request)
                messages.info(request, _("You were logged out after a while. Please log in again."))
            elif BY_ITSELF not in request.headers:
                _note(request, time.time())
        return get_response(request)

    return middleware


@receiver(authentication_step_completed, dispatch_uid="renew_key")
def renew_key(request: HttpRequest, **details: Any) -> None:
    """After each renewed proof the session has a new key, as after a login, which Django sees to.

    A key that somebody else had got hold of does not open what was proved now (ASVS 7.2.4).
    """
    if details.get("reauthenticated"):
        earlier, new = cast(SessionStore, request.session).renew_key()
        UserSession.objects.filter(session_key=earlier).update(session_key=new)


def limits_of(request: HttpRequest) -> Limits:
    """What holds for this login; staff have no Remember me."""
    if request.user.is_staff:
        return STAFF
    return MEMBER if request.session.get_expire_at_browser_close() else REMEMBERED


def is_over(request: HttpRequest, now: float) -> bool:
    limits = limits_of(request)
    began = request.session.get(_BEGAN, now)
    seen = request.session.get(_SEEN, now)
    return now - seen > limits.idle or now - began > limits.absolute


def end_of(request: HttpRequest) -> End | None:
    """When the present login ends; None for visitors."""
    # The cookie first: see `session_limits`.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    limits = limits_of(request)
    now = time.time()
    idle_end = request.session.get(_SEEN, now) + limits.idle
    last_end = request.session.get(_BEGAN, now) + limits.absolute
    return End(int(min(idle_end, last_end) - now), is_final=last_end <= idle_end)


def _note(request: HttpRequest, now: float) -> None:
    session = request.session
    if _BEGAN not in session:
        session[_BEGAN] = now
        if request.user.is_staff and not session.get_expire_at_browser_close():
            session.set_expiry(0)
    if now - session.get(_SEEN, 0) >= _NOTED_EVERY:
        session[_SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(
            last_seen_at=timezone.now()
        )
