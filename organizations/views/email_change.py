"""The two links that the present address gets when a new one is to take its place."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alliance.exceptions import ActionRefused
from alliance.middleware import public
from organizations import links
from organizations.actions.email_change import cancel_change, confirm_change, object_to_change
from organizations.models import EmailChange
from organizations.people import signed_in


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Following the link shows a button: programs that check mail for viruses follow links too."""
    return _answer(
        request,
        links.to_confirm(token),
        "confirm",
        confirm_change,
        _("The address of your account is changed. Log in with the new one from now on."),
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def object_(request: HttpRequest, token: str) -> HttpResponse:
    """“This was not me.”"""
    return _answer(
        request,
        links.to_object(token),
        "object",
        object_to_change,
        _("The change is stopped and everybody is logged out. Please set a new password now."),
    )


def _answer(
    request: HttpRequest,
    change: EmailChange | None,
    which: str,
    act: Callable[[EmailChange], EmailChange],
    done: str,
) -> HttpResponse:
    if change is None:
        return render(request, "account/email_change_over.html", status=404)
    if request.method == "POST":
        try:
            act(change)
        except ActionRefused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, done)
        return redirect("account_reset_password" if which == "object" else "account_login")
    return render(request, f"account/email_change_{which}.html", {"change": change})


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Take the change back, from one's own account."""
    cancel_change(signed_in(request))
    messages.success(request, _("Your address stays as it is."))
    return redirect("account_email")
