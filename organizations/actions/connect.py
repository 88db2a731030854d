"""What happens to Connect messages and subscriptions."""

from django.db import transaction

from alliance.audit import record
from alliance.limits import HOUR, Limit, take
from organizations.actions import by_mail
from organizations.connect_routing import assigned_by, route_of, told_by
from organizations.emails import connect as emails_connect
from organizations.models import ConnectMessage, Subscription, User

THANKS = Limit("connect-thanks", most=3, seconds=HOUR)

SUBSCRIPTION = by_mail.Mails(
    emails_connect.say_it_exists, emails_connect.ask_to_confirm, emails_connect.welcome
)


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
    return by_mail.asked_for(subscription, "subscription", SUBSCRIPTION, is_new=is_new, by=by)


@transaction.atomic
def confirm_subscription(subscription: Subscription, *, by: User | None) -> Subscription | None:
    """Begin the subscription; a second click changes nothing. None if it is forgotten by now."""
    return by_mail.confirmed(subscription, "subscription", SUBSCRIPTION, by=by)


@transaction.atomic
def end_subscription(subscription: Subscription, *, by: User | None) -> None:
    """End the subscription; a second click changes nothing."""
    by_mail.ended(subscription, "subscription", by=by)
