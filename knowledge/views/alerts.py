"""Saved searches that write: asking for one, and the links in their mails."""

from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from alliance.limits import HOUR, Limit
from alliance.middleware import public
from knowledge import alert_links, alert_search
from knowledge.actions.alerts import ask_for_alert, confirm_alert, end_alert
from knowledge.alert_forms import AlertForm, search_in
from knowledge.models import Alert
from organizations.models import User
from organizations.spam import may_send

ALERTS = Limit("alerts", most=20, seconds=HOUR)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an alert; what follows looks the same whatever the address has already."""
    asked = search_in(request.META.get("QUERY_STRING", ""))
    person = _person(request)
    start = {"search": asked, "email": person.email if person else ""}
    form = AlertForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid() and may_send(ALERTS, request, form):
        data = form.cleaned_data
        ask_for_alert(data["email"], search=data["search"], frequency=data["frequency"], by=person)
        return redirect("library:alert_sent")
    search = search_in(str(form["search"].value() or ""))
    context = {"form": form, "search": alert_search.in_words(search)}
    return render(request, "knowledge/alert.html", context)


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "knowledge/alert_sent.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Following the link shows a button: programs that check mail for viruses follow links too."""
    alert = alert_links.to_confirm(token)
    if alert is None:
        return _dead_link(request)
    if request.method == "POST":
        if confirm_alert(alert, by=_person(request)) is None:
            return _dead_link(request)
        return redirect("library:alert_confirmed")
    return render(request, "knowledge/alert_confirm.html", _shown(alert))


@public
@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    return render(request, "knowledge/alert_confirmed.html")


@public
@csrf_exempt  # the reader's mail program posts here (RFC 8058); the link itself is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    alert = alert_links.to_end(token)
    if alert is None:
        return _dead_link(request)
    if request.method == "POST":
        end_alert(alert, by=_person(request))
        if "List-Unsubscribe" in request.POST:  # a mail program must not be redirected
            return render(request, "knowledge/alert_ended.html")
        return redirect("library:alert_ended")
    return render(request, "knowledge/alert_end.html", _shown(alert))


@public
@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    return render(request, "knowledge/alert_ended.html")


@public
@require_safe
def alerts(request: HttpRequest, token: str) -> HttpResponse:
    """All alerts of an address, for whoever got a mail there."""
    alert = alert_links.to_list(token)
    return _list(request, [alert.email]) if alert else _dead_link(request)


@require_safe
def my_alerts(request: HttpRequest) -> HttpResponse:
    """The alerts of the confirmed addresses of whoever is logged in."""
    own = EmailAddress.objects.filter(user=_person(request), verified=True)
    return _list(request, [address.lower() for address in own.values_list("email", flat=True)])


def _list(request: HttpRequest, addresses: list[str]) -> HttpResponse:
    found = Alert.objects.active().filter(email__in=addresses)[: Alert.MOST * len(addresses)]
    context = {"alerts": [_shown(alert) for alert in found]}
    return render(request, "knowledge/alert_list.html", context)


def _shown(alert: Alert) -> dict[str, object]:
    return {
        "alert": alert,
        "search": alert_search.in_words(alert.search),
        "list_url": alert_search.address(alert.search),
        "end_url": alert_links.end_link(alert),
    }


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "knowledge/alert_dead_link.html", status=404)
