"""What happens to the alerts of the library."""

from django.db import transaction
from django.utils import timezone

from alliance.limits import HOUR, Limit, take
from knowledge import emails
from knowledge.models import Alert
from organizations.actions import by_mail
from organizations.models import User

# The address is whatever somebody typed: nobody's mailbox may be filled through us.
TO_ONE_ADDRESS = Limit("alert-requests", most=5, seconds=HOUR)

_MAILS = by_mail.Mails(emails.say_it_exists, emails.ask_to_confirm, emails.welcome)


@transaction.atomic
def ask_for_alert(email: str, *, search: str, frequency: str, by: User | None) -> None:
    """Send a link to the address, or say there that the alert is there: one mail either way.

    `search` is spelled as `alert_search.spelled` does.

    Beyond the limits nothing happens, and nobody is told: the answer would say who is known here.
    """
    email = email.lower()
    if take(TO_ONE_ADDRESS, email):
        return
    alerts = Alert.objects.select_for_update().filter(email=email)
    found = next((alert for alert in alerts if alert.search == search), None)
    if found is None and len(alerts) >= Alert.MOST:
        return
    alert = found or Alert(email=email, search=search)
    if not alert.is_active:
        # Of one that runs, only its owner changes anything.
        alert.frequency = frequency
    if found is None:
        alert.save()
    by_mail.asked_for(alert, "alert", _MAILS, is_new=found is None, by=by)


@transaction.atomic
def confirm_alert(alert: Alert, *, by: User | None) -> Alert | None:
    """Begin the alert with what appears from now on. None if it is forgotten by now."""
    found = Alert.objects.select_for_update().filter(pk=alert.pk).first()
    if found and not found.is_active:
        now = timezone.now()
        found.seen_until = found.due_at = now
        found.save(update_fields=["seen_until", "due_at"])
    return by_mail.confirmed(alert, "alert", _MAILS, by=by)


@transaction.atomic
def end_alert(alert: Alert, *, by: User | None) -> None:
    """End the alert; a second click changes nothing."""
    by_mail.ended(alert, "alert", by=by)


def end_undeliverable() -> int:
    """End the alerts whose mail comes back for good; returns how many. A sweep."""
    return by_mail.end_undeliverable(Alert.objects.active(), "alert")
