"""Answers to requests that went wrong, worded for people.

The four that Django calls by itself do not check the form's token as its own do: that reads the
form once more, and where the form was what could not be read, no answer would come of it.
"""

import errno
import logging
import sys
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from alliance import turned_away, unsent
from alliance.exceptions import ServiceAway
from alliance.middleware import public

log = logging.getLogger(__name__)

_TRY_AGAIN_AFTER = 60  # seconds
# Classes of PostgreSQL's own errors by which it says that it cannot serve now, whatever it is asked:
# connection, resources (a full disk among them), operator, system. 25006: it only reads, as one
# does that another has taken over from.
_CANNOT_SERVE = ("08", "53", "57P", "58", "25006")
_DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    turned_away.note("request", type(exception).__name__)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the context processors: what broke may be among them.

    Django calls this while it handles what was raised, wherever that was: middlewares ask the
    database as well.
    """
    error = sys.exc_info()[1]
    if database_is_away(error):
        return _away("503.html")
    if isinstance(error, OSError) and error.errno in _DISK_IS_FULL:
        return _away("503_part.html")
    return HttpResponse(render_to_string("500.html"), status=500)


def database_is_away(error: BaseException | None) -> bool:
    """Whether it is the database that cannot serve, rather than we who asked it something wrong.

    A connection that cannot be made, or that died, has no code of PostgreSQL's: nobody was left to
    give one.
    """
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    if code is not None:
        return str(code).startswith(_CANNOT_SERVE)
    return type(error) in {DatabaseError, InterfaceError, OperationalError}


def _away(template: str) -> HttpResponse:
    page = render_to_string(template)
    return HttpResponse(page, status=503, headers={"Retry-After": str(_TRY_AGAIN_AFTER)})


@public
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for too long, or came from elsewhere: say so and offer a way on.

    Whoever has logged in again meanwhile, in another window, gets the page back as they left it.
    """
    if unsent.keep(request):
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)


def service_away(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Answer 503 where something does not answer that a page cannot do without. A middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ServiceAway):
            return None
        log.error("a service is away", extra={"reason": str(exception)})
        return _away("503_part.html")

    # Django asks a function for it as well as a class; the stubs know only of classes.
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
