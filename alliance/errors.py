"""Answers to requests that went wrong, worded for people.

The four that Django calls by itself do not check the form's token as its own do: that reads the
form once more, and where the form was what could not be read, no answer would come of it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from alliance import unsent
from alliance.middleware import public


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
