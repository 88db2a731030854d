"""What happens to Connect messages."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.audit import record
from alliance.exceptions import ActionRefused
from alliance.limits import HOUR, Limit, take
from organizations.connect_routing import assigned_by, route_of, told_by
from organizations.emails import connect as emails_connect
from organizations.models import ConnectMessage, User
from organizations.permissions import can_handle_message
from organizations.suspicion import forget_sender, is_suspicious, remember_sender

THANKS = Limit("connect-thanks", most=3, seconds=HOUR)


@transaction.atomic
def receive_message(message: ConnectMessage, *, by: User | None) -> ConnectMessage:
    """Store an unsaved message and tell both sides; sending the same one again changes nothing.

    What looks like advertising is held back: nobody is told until a person has looked at it.
    """
    message.is_concern = bool(message.reason and message.reason.data.get("queue") == "restricted")
    # Whoever is logged in has been looked at already.
    if by is None and is_suspicious(message):
        message.status = ConnectMessage.Status.HELD
    else:
        message.assignee = assigned_by(route_of(message), message)
    fields = {
        field.attname: getattr(message, field.attname)
        for field in ConnectMessage._meta.concrete_fields
        if not field.primary_key
    }
    stored, is_new = ConnectMessage.objects.get_or_create(
        fingerprint=message.fingerprint, defaults=fields
    )
    if is_new:
        is_held = stored.status == ConnectMessage.Status.HELD
        record("connect.received", by=by, about=stored, concern=stored.is_concern, held=is_held)
        if not is_held:
            _tell_both_sides(stored)
    return stored


def _tell_both_sides(message: ConnectMessage) -> None:
    # The address is whatever somebody typed: nobody's mailbox may be filled through us.
    if not take(THANKS, message.email.lower()):
        emails_connect.thank_sender(message)
    emails_connect.tell_secretariat(message, told_by(route_of(message), message))


@transaction.atomic
def release_message(message: ConnectMessage, *, by: User) -> ConnectMessage:
    """Let a message through that was held back: it goes its way as if it came now."""
    message = _held_back(message, by=by)
    message.status, message.status_at = ConnectMessage.Status.NEW, timezone.now()
    message.status_by = by
    message.assignee = assigned_by(route_of(message), message)
    message.save(update_fields=["status", "status_at", "status_by", "assignee"])
    forget_sender(message)
    record("connect.released", by=by, about=message, internal=True)
    _tell_both_sides(message)
    return message


@transaction.atomic
def discard_message(message: ConnectMessage, *, by: User) -> None:
    """Delete a message that was held back; what its sender writes next is held back as well."""
    message = _held_back(message, by=by)
    remember_sender(message)
    record("connect.discarded", by=by, about=message, internal=True)
    message.delete()


def _held_back(message: ConnectMessage, *, by: User) -> ConnectMessage:
    """The row as it is now, held until the transaction ends, for who may handle it."""
    held = ConnectMessage.objects.held_back().select_for_update()
    found = held.filter(pk=message.pk).first()
    if found is None or not can_handle_message(by, found):
        raise ActionRefused(_("This message is not held back."))
    return found
