from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from alliance.limits import HOUR, Limit
from alliance.middleware import public
from organizations.actions.connect import receive_message
from organizations.forms.connect import ConnectForm, ConnectQuery, person_start
from organizations.models import User
from organizations.spam import may_send

# More than an office behind one address sends; fewer than a machine wants.
CONNECT = Limit("connect", most=20, seconds=HOUR)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """The Connect form, open to anyone; a link to it may name the page that it is about."""
    person = request.user if isinstance(request.user, User) else None
    if request.method == "POST":
        form = ConnectForm(request.POST)
        if form.is_valid() and may_send(CONNECT, request, form):
            receive_message(form.to_message(), by=person)
            return redirect("connect_thanks")
    else:
        start = ConnectQuery(request.GET).start()
        form = ConnectForm(initial=start | (person_start(person) if person else {}))
    return render(request, "organizations/connect.html", {"form": form, "page": form.about_page})


@public
@require_safe
def connect_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/connect_thanks.html")
