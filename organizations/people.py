"""The person behind a request, typed."""

from django.http import HttpRequest

from organizations.models import User


def signed_in(request: HttpRequest) -> User:
    """The person who is logged in; the closed door stands before every view that asks."""
    if not isinstance(request.user, User):
        raise TypeError("a view that needs a person was left open to visitors")
    return request.user
