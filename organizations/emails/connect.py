"""The mails about Connect messages and subscriptions."""

from django.conf import settings
from django.urls import reverse

from alliance.emails import queue_mail
from organizations.models import ConnectMessage, Subscription
from organizations.subscription_links import confirm_link, end_link


def thank_sender(message: ConnectMessage) -> None:
    """Tell the sender that the message arrived.

    Nothing that was typed is repeated: anyone can enter anyone's address, and the portal must not
    carry strangers' words there.
    """
    queue_mail("connect_received", message.email, {"message": message}, about=message)


def tell_secretariat(message: ConnectMessage) -> None:
    """Announce the message; a reported concern stays in the admin, where few may read it."""
    address = reverse("admin:organizations_connectmessage_change", args=[message.pk])
    context = {"message": message, "admin_url": settings.SITE_URL + address}
    if message.is_concern:
        queue_mail("connect_concern", settings.SECRETARIAT_EMAIL, context, about=message)
    else:
        queue_mail(
            "connect_message",
            settings.SECRETARIAT_EMAIL,
            context,
            reply_to=message.email,
            about=message,
        )


def ask_to_confirm(subscription: Subscription) -> None:
    _queue("subscription_confirm", subscription, is_secret=True)


def say_it_exists(subscription: Subscription) -> None:
    """Sent in place of the link when the address is subscribed: the page tells nobody, we do."""
    _queue("subscription_exists", subscription)


def welcome(subscription: Subscription) -> None:
    _queue("subscription_started", subscription)


def _queue(message: str, subscription: Subscription, *, is_secret: bool = False) -> None:
    """Every mail about a subscription can be answered by ending it with one click (RFC 8058)."""
    end_url = end_link(subscription)
    queue_mail(
        message,
        subscription.email,
        {"confirm_url": confirm_link(subscription), "end_url": end_url},
        is_secret=is_secret,
        headers={
            "List-Unsubscribe": f"<{end_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
