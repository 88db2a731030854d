"""What staff do with a Connect message, and what its sender writes back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.audit import record
from alliance.exceptions import ActionRefused
from alliance.models import OutgoingMail
from organizations import connect_routing
from organizations.emails import connect as emails_connect
from organizations.models import ConnectMessage, ConnectNote, ConnectReply, User
from organizations.permissions import can_handle_message


@transaction.atomic
def answer_message(message: ConnectMessage, *, by: User, text: str, seen: int) -> ConnectReply:
    """Send an answer to the sender; the message becomes `by`'s where it was nobody's.

    `seen` is how many answers stood on the page. Raises ActionRefused where there are more by now,
    or the sender's address is no longer kept.
    """
    message = _locked(message, by=by)
    if not message.email:
        raise ActionRefused(_("The sender’s address is no longer kept: nobody can be answered."))
    _check_nothing_new(message, seen)
    reply = ConnectReply.objects.create(message=message, text=text, made_by=by)
    emails_connect.answer(reply)
    reply.mail = OutgoingMail.objects.about(message).filter(message="connect_answer").latest("id")
    reply.save(update_fields=["mail"])
    if message.assignee_id is None:
        message.assignee = by
    _set_status(message, ConnectMessage.Status.ANSWERED, by=by)
    record("connect.answered", by=by, about=message, internal=True, reply=reply.pk)
    return reply


@transaction.atomic
def write_back(message: ConnectMessage, *, text: str, fingerprint: str) -> None:
    """What the sender answers: the message waits for the secretariat again.

    Sending the same form once more changes nothing.
    """
    message = ConnectMessage.objects.select_for_update().get(pk=message.pk)
    reply, is_new = ConnectReply.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={"message": message, "text": text, "is_from_sender": True},
    )
    if not is_new:
        return
    if message.status != ConnectMessage.Status.NEW:
        _set_status(message, ConnectMessage.Status.NEW, by=None)
    record("connect.written_back", by=None, about=message, internal=True, reply=reply.pk)
    emails_connect.written_back(message, _to_tell(message))


def _to_tell(message: ConnectMessage) -> list[User]:
    """Whose message it is and who answered last; else whoever is told of such messages."""
    last = message.replies.filter(is_from_sender=False).select_related("made_by").last()
    people = {
        person.pk: person
        for person in (message.assignee, last.made_by if last else None)
        if person is not None and can_handle_message(person, message)
    }
    if people:
        return list(people.values())
    return connect_routing.told_by(connect_routing.route_of(message), message)


@transaction.atomic
def assign_message(message: ConnectMessage, *, by: User, to: User | None) -> ConnectMessage:
    """Give a message to a colleague, who is told, or to nobody."""
    message = _locked(message, by=by)
    if to is not None and not can_handle_message(to, message):
        raise ActionRefused(_("This colleague may not read this message."))
    if message.assignee_id == (to.pk if to else None):
        return message
    message.assignee = to
    message.save(update_fields=["assignee"])
    record("connect.assigned", by=by, about=message, internal=True, to=to.pk if to else None)
    if to is not None and to != by:
        emails_connect.assigned(message, to)
    return message


@transaction.atomic
def write_connect_note(message: ConnectMessage, *, by: User, text: str) -> ConnectNote:
    """Leave a word for colleagues; the sender never sees it."""
    message = _locked(message, by=by)
    note = ConnectNote.objects.create(message=message, text=text, made_by=by)
    record("connect.note_written", by=by, about=message, internal=True, note=note.pk)
    return note


@transaction.atomic
def mark_dealt_with(message: ConnectMessage, *, by: User) -> ConnectMessage:
    return _move(message, ConnectMessage.Status.DONE, "connect.dealt_with", by=by)


@transaction.atomic
def mark_new(message: ConnectMessage, *, by: User) -> ConnectMessage:
    """Put a message back into the inbox."""
    return _move(message, ConnectMessage.Status.NEW, "connect.put_back", by=by)


def _move(message: ConnectMessage, status: str, event: str, *, by: User) -> ConnectMessage:
    message = _locked(message, by=by)
    if message.status != status:
        _set_status(message, status, by=by)
        record(event, by=by, about=message, internal=True)
    return message


def _locked(message: ConnectMessage, *, by: User) -> ConnectMessage:
    """The row as it is now, held until the transaction ends, for who may handle it."""
    found = ConnectMessage.objects.select_for_update().filter(pk=message.pk).first()
    if found is None:
        raise ActionRefused(_("This message was deleted meanwhile."))
    if not can_handle_message(by, found):
        raise ActionRefused(_("This message is not for you to handle."))
    return found


def _check_nothing_new(message: ConnectMessage, seen: int) -> None:
    if message.replies.count() <= seen:
        return
    last = message.replies.select_related("made_by").latest("id")
    if last.is_from_sender:
        raise ActionRefused(_("The sender has written again meanwhile. Read it, then answer."))
    raise ActionRefused(
        _("%(person)s has answered meanwhile. Read it, then answer if something is missing.")
        % {"person": last.made_by or _("Somebody")}
    )


def _set_status(message: ConnectMessage, status: str, *, by: User | None) -> None:
    message.status = status
    message.status_at = timezone.now()
    message.status_by = by
    message.save(update_fields=["status", "status_at", "status_by", "assignee"])
