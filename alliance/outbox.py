"""What people do with the outbox: send again what could not be delivered."""

from collections.abc import Iterable

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.emails import deliver
from alliance.exceptions import ActionRefused
from alliance.models import OutgoingMail


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: models.Model) -> OutgoingMail:
    """Put a mail that has failed back into the queue, to the same address.

    Never to another one: what it says may be for its recipient alone. Raises ActionRefused where
    it has not failed, or its text is no longer kept.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not mail.has_failed:
        raise ActionRefused(
            _("This mail has not failed: it is “%(status)s” now. Nothing was sent twice.")
            % {"status": mail.get_status_display()}
        )
    if mail.is_forgotten:
        raise ActionRefused(
            _("The text of this mail is no longer kept, so it cannot be sent again.")
        )
    _queue(mail, by=by)
    transaction.on_commit(deliver.enqueue, robust=True)
    return mail


@transaction.atomic
def send_all_again(mails: Iterable[OutgoingMail], *, by: models.Model) -> int:
    """Put those that have failed and can still be sent back into the queue; returns how many."""
    keys = [mail.pk for mail in mails]
    failed = OutgoingMail.objects.failed().filter(pk__in=keys).order_by("pk")
    found = [mail for mail in failed.select_for_update() if not mail.is_forgotten]
    with audit.in_one_go():
        for mail in found:
            _queue(mail, by=by)
    if found:
        transaction.on_commit(deliver.enqueue, robust=True)
    return len(found)


def _queue(mail: OutgoingMail, *, by: models.Model) -> None:
    mail.status = OutgoingMail.Status.QUEUED
    mail.attempts = 0
    mail.next_attempt_at = timezone.now()
    mail.save(update_fields=["status", "attempts", "next_attempt_at"])
    audit.record("mail.sent_again", by=by, about=mail, internal=True)
