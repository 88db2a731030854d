"""What happens to subscriptions."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from alliance.audit import record
from organizations.actions import by_mail
from organizations.emails import subscriptions as emails
from organizations.models import Subscription, User
from organizations.models.subscription import next_digest

_MAILS = by_mail.Mails(emails.say_it_exists, emails.ask_to_confirm, emails.welcome)


@transaction.atomic
def ask_for_subscription(
    email: str, *, themes: Sequence[str] = (), regions: Sequence[str] = (), by: User | None
) -> Subscription:
    """Send a link to the address, or say there that it is subscribed: one mail either way."""
    subscription, is_new = Subscription.objects.select_for_update().get_or_create(
        email=email.lower()
    )
    if not subscription.is_active:
        # Of one that runs, only its owner changes anything.
        subscription.themes, subscription.regions = list(themes), list(regions)
    # In either case: how much work there is tells nobody who is subscribed.
    subscription.save(update_fields=["themes", "regions"])
    return by_mail.asked_for(subscription, "subscription", _MAILS, is_new=is_new, by=by)


@transaction.atomic
def confirm_subscription(subscription: Subscription, *, by: User | None) -> Subscription | None:
    """Begin with what comes from now on; a second click changes nothing. None if it is forgotten."""
    found = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if found and not found.is_active:
        found.seen_until = timezone.now()
        found.due_at = next_digest(found.seen_until)
        found.save(update_fields=["seen_until", "due_at"])
    return by_mail.confirmed(subscription, "subscription", _MAILS, by=by)


@transaction.atomic
def change_choices(
    subscription: Subscription, *, themes: Sequence[str], regions: Sequence[str], by: User | None
) -> Subscription | None:
    """What its owner wants to hear of from the next digest on. None if it has ended meanwhile."""
    found = Subscription.objects.active().select_for_update().filter(pk=subscription.pk).first()
    if found is None:
        return None
    found.themes, found.regions = list(themes), list(regions)
    found.save(update_fields=["themes", "regions"])
    record("subscription.changed", by=by, about=found)
    return found


@transaction.atomic
def end_subscription(subscription: Subscription, *, by: User | None) -> None:
    """End the subscription; a second click changes nothing."""
    by_mail.ended(subscription, "subscription", by=by)


def end_undeliverable() -> int:
    """End the subscriptions whose mail comes back for good; returns how many. A sweep."""
    return by_mail.end_undeliverable(Subscription.objects.active(), "subscription")
