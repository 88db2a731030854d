"""What happens to Connect messages and subscriptions."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from alliance.audit import record
from alliance.limits import HOUR, Limit, take
from organizations.connect_routing import assigned_by, route_of, told_by
from organizations.emails import connect as emails_connect
from organizations.models import ConnectMessage, Subscription, User

THANKS = Limit("connect-thanks", most=3, seconds=HOUR)

# Repeated requests for one address within this time send no further mail.
QUIET_TIME = timedelta(minutes=10)


@transaction.atomic
def receive_message(message: ConnectMessage, *, by: User | None) -> ConnectMessage:
    """Store an unsaved message and tell both sides; sending the same one again changes nothing."""
    message.is_concern = bool(message.reason and message.reason.data.get("queue") == "restricted")
    route = route_of(message)
    message.assignee = assigned_by(route, message)
    fields = {
        field.attname: getattr(message, field.attname)
        for field in ConnectMessage._meta.concrete_fields
        if not field.primary_key
    }
    stored, is_new = ConnectMessage.objects.get_or_create(
        fingerprint=message.fingerprint, defaults=fields
    )
    if is_new:
        record("connect.received", by=by, about=stored, concern=stored.is_concern)
        # The address is whatever somebody typed: nobody's mailbox may be filled through us.
        if not take(THANKS, stored.email.lower()):
            emails_connect.thank_sender(stored)
        emails_connect.tell_secretariat(stored, told_by(route, stored))
    return stored


@transaction.atomic
def ask_for_subscription(email: str, *, by: User | None) -> Subscription:
    """Send a link to the address, or say there that it is subscribed: one mail either way."""
    subscription, is_new = Subscription.objects.select_for_update().get_or_create(
        email=email.lower()
    )
    now = timezone.now()
    if not is_new and now - subscription.asked_at < QUIET_TIME:
        return subscription
    subscription.asked_at = now
    if subscription.is_active:
        emails_connect.say_it_exists(subscription)
    else:
        subscription.confirmed_at = subscription.ended_at = None
        emails_connect.ask_to_confirm(subscription)
    subscription.save()
    record("subscription.asked_for", by=by, about=subscription)
    return subscription


@transaction.atomic
def confirm_subscription(subscription: Subscription, *, by: User | None) -> Subscription | None:
    """Begin the subscription; a second click changes nothing. None if it is forgotten by now."""
    found = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if found and not found.is_active:
        found.confirmed_at = timezone.now()
        found.ended_at = None
        found.save()
        record("subscription.confirmed", by=by, about=found)
        emails_connect.welcome(found)
    return found


@transaction.atomic
def end_subscription(subscription: Subscription, *, by: User | None) -> None:
    """End the subscription; a second click changes nothing.

    A request that nobody confirmed is forgotten at once: somebody else may have typed the address.
    """
    found = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if found is None or found.ended_at is not None:
        return
    record("subscription.ended", by=by, about=found)
    if found.confirmed_at is None:
        found.delete()
        return
    found.ended_at = timezone.now()
    found.save()
