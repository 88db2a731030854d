from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from alliance.limits import HOUR, Limit
from alliance.middleware import public
from organizations import subscription_links
from organizations.actions.subscriptions import (
    ask_for_subscription,
    change_choices,
    confirm_subscription,
    end_subscription,
)
from organizations.forms.subscription import ChoicesForm, SubscribeForm
from organizations.models import User
from organizations.spam import may_send

SUBSCRIBE = Limit("subscribe", most=20, seconds=HOUR)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/subscribe_dead_link.html", status=404)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for an address; what follows looks the same whether it is subscribed or not."""
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and may_send(SUBSCRIBE, request, form):
        data = form.cleaned_data
        ask_for_subscription(
            data["email"], themes=data["themes"], regions=data["regions"], by=_person(request)
        )
        return redirect("subscribe_sent")
    return render(request, "organizations/subscribe.html", {"form": form})


@public
@require_safe
def subscribe_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/subscribe_sent.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Following the link shows a button: programs that check mail for viruses follow links too."""
    subscription = subscription_links.to_confirm(token)
    if subscription is None:
        return _dead_link(request)
    if request.method == "POST":
        if confirm_subscription(subscription, by=_person(request)) is None:
            return _dead_link(request)
        return redirect("subscription_confirmed")
    context = {"subscription": subscription}
    return render(request, "organizations/subscribe_confirm.html", context)


@public
@require_safe
def subscription_confirmed(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/subscribe_confirmed.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_choices(request: HttpRequest, token: str) -> HttpResponse:
    """What the subscription is about, for whoever got a mail of it."""
    subscription = subscription_links.to_choices(token)
    if subscription is None:
        return _dead_link(request)
    start = {"themes": subscription.themes, "regions": subscription.regions}
    form = ChoicesForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        if change_choices(subscription, **form.cleaned_data, by=_person(request)) is None:
            return _dead_link(request)
        messages.success(request, _("Saved. It holds from the next mail on."))
        return redirect("subscription_choices", token)
    end = subscription_links.end_link(subscription)
    context = {"form": form, "subscription": subscription, "end_url": end}
    return render(request, "organizations/subscribe_choices.html", context)


@public
@csrf_exempt  # the reader's mail program posts here (RFC 8058); the link itself is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def subscription_end(request: HttpRequest, token: str) -> HttpResponse:
    subscription = subscription_links.to_end(token)
    if subscription is None:
        return _dead_link(request)
    if request.method == "POST":
        end_subscription(subscription, by=_person(request))
        if "List-Unsubscribe" in request.POST:  # a mail program must not be redirected
            return render(request, "organizations/subscribe_ended.html")
        return redirect("subscription_ended")
    return render(request, "organizations/subscribe_end.html", {"subscription": subscription})


@public
@require_safe
def subscription_ended(request: HttpRequest) -> HttpResponse:
    return render(request, "organizations/subscribe_ended.html")
