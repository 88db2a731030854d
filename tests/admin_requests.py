"""Requests for pages of the admin that are called as functions, past the door of the site."""

from typing import Any

from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from organizations.models import User

TOKEN = 32 * "a"  # in the cookie and in the form: that is all the check of the token compares


def admin_request(by: User, data: dict[str, Any] | None = None) -> HttpRequest:
    """A page asked for, or with `data` a form sent, by this person with a session and messages."""
    factory = RequestFactory()
    factory.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    if data is None:
        request: HttpRequest = factory.get("/")
    else:
        request = factory.post("/", data | {"csrfmiddlewaretoken": TOKEN})
    request.user = by
    SessionMiddleware(_nothing).process_request(request)
    MessageMiddleware(_nothing).process_request(request)
    return request


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
