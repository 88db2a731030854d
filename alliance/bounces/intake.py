"""Taking in what came back: the mail is marked, and so is the address that it was sent to."""

import logging
from collections.abc import Sequence
from enum import Enum

from django.db import transaction

from alliance.bounces import reading
from alliance.bounces.address import mail_named
from alliance.bounces.verdict import Refusal
from alliance.models import OutgoingMail
from alliance.undeliverable import came_back

log = logging.getLogger(__name__)


class Outcome(Enum):
    """What a message was; the value is for the log and for whoever sets the portal up."""

    NOT_OURS = "its address names no mail of ours"
    NO_FAILURE = "it does not say that a mail has failed"
    KNOWN = "this was known, or the mail is no longer kept"
    NOTED = "noted"


def take_in(message: bytes, recipients: Sequence[str] = ()) -> Outcome:
    """Read one message; `recipients` are what the server says that it was sent to.

    Whatever the message is, it raises nothing but errors of the database.
    """
    outcome = _take_in(message, recipients)
    log.info("bounce", extra={"outcome": outcome.name.lower()})
    return outcome


def _take_in(message: bytes, recipients: Sequence[str]) -> Outcome:
    try:
        parsed = reading.parsed(message)
        addresses = [*recipients, *reading.recipients(parsed)]
        refusal = reading.refusal(parsed)
    except Exception:  # noqa: BLE001 - anybody may send us anything
        return Outcome.NO_FAILURE
    mail_id = next(filter(None, map(mail_named, addresses)), None)
    if mail_id is None:
        return Outcome.NOT_OURS
    if refusal is None:
        return Outcome.NO_FAILURE
    return Outcome.NOTED if _note(mail_id, refusal) else Outcome.KNOWN


@transaction.atomic
def _note(mail_id: int, refusal: Refusal) -> bool:
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id).first()
    if mail is None or mail.status != OutgoingMail.Status.SENT:
        return False
    mail.status = OutgoingMail.Status.BOUNCED
    mail.last_error = str(refusal)
    mail.save(update_fields=["status", "last_error"])
    came_back(mail.recipient, is_hard=refusal.is_for_good, reason=mail.last_error)
    return True
