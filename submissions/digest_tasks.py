"""The weekly digest of the news: a sweep that may run twice at once, and be killed at any moment.

The mail and the moment of the next one are written in one transaction, under the lock of the
subscription's row: so a week has one mail for an address, or none.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from organizations.models import Subscription
from organizations.models.subscription import next_digest
from submissions.digest import new_for
from submissions.emails.digest import send_digest

log = logging.getLogger(__name__)

# What is younger waits for the next digest: its text is still being read, its transaction open.
SETTLED_AFTER = timedelta(hours=1)
_AGAIN_AFTER = timedelta(hours=1)
# A sweep gives others their turn; what is left is still due the next time.
_MOST = 200


def send_digests() -> int:
    """Write to those whose digest is due, where there is something new; returns how many mails."""
    due = list(Subscription.objects.due().values_list("pk", flat=True)[:_MOST])
    return sum(_look(pk) for pk in due)


def _look(pk: int) -> bool:
    """Look for one reader; what fails is tried again in an hour and holds up nobody else."""
    with transaction.atomic():
        due = Subscription.objects.due().filter(pk=pk)
        subscription = due.select_for_update(skip_locked=True).first()
        if subscription is None:
            return False
        now = timezone.now()
        is_told = False
        try:
            with transaction.atomic():
                is_told = _tell(subscription)
        except Exception:
            log.exception("a digest could not be made", extra={"subscription": subscription.pk})
            subscription.due_at = now + _AGAIN_AFTER
        else:
            subscription.due_at = next_digest(now)
        subscription.save(update_fields=["seen_until", "due_at"])
        return is_told


def _tell(subscription: Subscription) -> bool:
    until = max(subscription.seen_until, timezone.now() - SETTLED_AFTER)
    parts = new_for(subscription, until)
    if parts:
        send_digest(subscription, parts)
    subscription.seen_until = until
    return bool(parts)
