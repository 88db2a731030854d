"""Answers to requests that went wrong, worded for people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import requires_csrf_token

from alliance import unsent
from alliance.middleware import public


@public
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for too long, or came from elsewhere: say so and offer a way on.

    Whoever has logged in again meanwhile, in another window, gets the page back as they left it.
    """
    if unsent.keep(request):
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", status=403)
