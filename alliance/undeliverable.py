"""Addresses from which mail comes back: noted by whoever learns of it, forgotten when one arrives."""

from django.db import transaction
from django.utils import timezone

from alliance.models import UndeliverableAddress


@transaction.atomic
def came_back(email: str, *, is_hard: bool, reason: str) -> UndeliverableAddress:
    """Note that a mail to the address did not arrive; call it once for each mail."""
    now = timezone.now()
    rows = UndeliverableAddress.objects.select_for_update()
    row, _ = rows.get_or_create(email=email.lower(), defaults={"bounced_at": now})
    if now - row.bounced_at > UndeliverableAddress.QUIET_AFTER:
        row.soft_bounces = 0
    row.soft_bounces += not is_hard
    row.bounced_at = now
    row.reason = reason
    if is_hard or row.soft_bounces >= UndeliverableAddress.MOST_SOFT:
        row.given_up_at = now
    row.save()
    return row


def arrives(email: str) -> bool:
    """Somebody has read a mail that was sent there, or says that it can be; whether that is news."""
    deleted, _of_models = UndeliverableAddress.objects.filter(email=email.lower()).delete()
    return bool(deleted)
