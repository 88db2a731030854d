"""The mails about subscriptions."""

from collections.abc import Mapping

from alliance.emails import queue_mail
from organizations import subscription_links
from organizations.models import Subscription


def ask_to_confirm(subscription: Subscription) -> None:
    link = subscription_links.confirm_link(subscription)
    queue("subscription_confirm", subscription, {"confirm_url": link}, is_secret=True)


def say_it_exists(subscription: Subscription) -> None:
    """Sent in place of the link when the address is subscribed: the page tells nobody, we do."""
    queue("subscription_exists", subscription)


def welcome(subscription: Subscription) -> None:
    queue("subscription_started", subscription)


def queue(
    message: str,
    subscription: Subscription,
    context: Mapping[str, object] | None = None,
    *,
    is_secret: bool = False,
) -> None:
    """Every mail about a subscription can be answered by changing or ending it (RFC 8058)."""
    links = {
        "subscription": subscription,
        "choices_url": subscription_links.choices_link(subscription),
        "end_url": subscription_links.end_link(subscription),
    }
    queue_mail(
        message,
        subscription.email,
        {**links, **(context or {})},
        is_secret=is_secret,
        headers=subscription_links.end_headers(subscription),
    )
