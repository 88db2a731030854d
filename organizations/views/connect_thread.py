from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alliance.limits import HOUR, Limit
from alliance.middleware import public
from organizations.actions.connect_thread import write_back
from organizations.connect_links import message_of
from organizations.forms.connect_thread import WriteBackForm
from organizations.spam import may_send

WRITE_BACK = Limit("connect-write-back", most=10, seconds=HOUR)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connect_thread(request: HttpRequest, token: str) -> HttpResponse:
    """What was written both ways, for whoever has the link from our mail; and writing back."""
    message = message_of(token)
    if message is None:
        return render(request, "organizations/connect_dead_link.html", status=404)
    form = WriteBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and may_send(WRITE_BACK, request, form):
        write_back(
            message, text=form.cleaned_data["text"], fingerprint=form.fingerprint(message.pk)
        )
        return redirect("connect_thread", token)
    context = {"message": message, "replies": message.replies.all(), "form": form}
    return render(request, "organizations/connect_thread.html", context)
