"""What every request passes: an id and a log line, headers, clean input, and the closed door."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import unquote_to_bytes, urlsplit, urlunsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from alliance import request_metrics, turned_away, unsent

log = logging.getLogger("alliance.request")

Handler = Callable[[HttpRequest], HttpResponse]

# No more than the type: nothing is said of the encoding.
_TEXT = re.compile(r"text/[\w.+-]+|[\w.+/-]+xml")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def request_context(get_response: Handler) -> Handler:
    """Give the request an id (the proxy's, if it sent a sound one), write one log line, count it.

    The line holds the route, not the address: addresses carry tokens and search words.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = request_id
        seconds = time.perf_counter() - begun
        match = request.resolver_match
        route = match.route if match else None
        log.info(
            "request",
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            },
        )
        if settings.METRICS_TOKEN:
            request_metrics.count(request.method, route, response.status_code, seconds)
        return response

    return middleware


def security_headers(get_response: Handler) -> Handler:
    """Switch off what no page of ours uses, and keep personal pages out of every cache.

    Text whose encoding a package has not named is said to be what all of ours is.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _TEXT.fullmatch(response.get("Content-Type", "")):
            response["Content-Type"] += "; charset=utf-8"
        response.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # By the cookie: asking who it is would cost error pages a database that may be down.
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def clean_input(get_response: Handler) -> Handler:
    """Refuse what no browser sends: NUL, bytes that are not UTF-8, another encoding, TRACE.

    PostgreSQL stores no NUL; every form field refuses it with a message of its own, so only the
    path and the query string are left to check here. An encoding that a header names would be
    used for the query string and the form, and not every one that Python knows reads text. TRACE
    would say back what the browser keeps from scripts.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if (request.encoding or "utf-8").lower() != "utf-8":
            turned_away.note("request", "encoding")
            return render(request, "400.html", status=400)
        raw = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
        try:
            is_sound = "\0" not in raw.decode() and "\0" not in request.path_info
        except UnicodeDecodeError:
            is_sound = False
        if is_sound and "\ufffd" not in request.path_info:
            return get_response(request)
        turned_away.note("request", "letters of the address")
        return render(request, "400.html", status=400)

    return middleware


class login_required(LoginRequiredMiddleware):  # noqa: N801 - listed beside function middleware
    """Closed by default: a view is public only where `login_not_required` says so.

    What was typed into a form that comes too late is kept, where the view says so.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method == "POST" and not unsent.keep(request):
            messages.warning(request, _("Your login was over, so nothing was sent or changed."))
            if page := _came_from(request):
                # Many an address of a POST has no page to come back to.
                login = self.get_login_url(view_func)
                return redirect_to_login(page, login, self.get_redirect_field_name(view_func))
        return super().handle_no_permission(request, view_func)


def _came_from(request: HttpRequest) -> str:
    """Path and query of the page of ours that a form stood on; empty where that is not known."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


public = login_not_required
