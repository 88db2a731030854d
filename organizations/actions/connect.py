"""What happens to Connect messages."""

from django.db import transaction

from alliance.audit import record
from alliance.limits import HOUR, Limit, take
from organizations.connect_routing import assigned_by, route_of, told_by
from organizations.emails import connect as emails_connect
from organizations.models import ConnectMessage, User

THANKS = Limit("connect-thanks", most=3, seconds=HOUR)


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
