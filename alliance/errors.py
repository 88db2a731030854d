"""Answers to requests that went wrong, worded for people.

The four that Django calls by itself do not check the form's token as its own do: that reads the
form once more, and where the form was what could not be read, no answer would come of it.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from alliance import unsent
from alliance.exceptions import ServiceAway
from alliance.middleware import public

log = logging.getLogger(__name__)

_TRY_AGAIN_AFTER = 60  # seconds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the context processors: what broke may be among them."""
    return HttpResponse(render_to_string("500.html"), status=500)


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
        page = render_to_string("503_part.html")
        return HttpResponse(page, status=503, headers={"Retry-After": str(_TRY_AGAIN_AFTER)})

    # Django asks a function for it as well as a class; the stubs know only of classes.
    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
