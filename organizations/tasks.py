"""What the worker does about screening by itself: each may run twice at once."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.models import Event
from organizations.emails import screening as emails_screening
from organizations.models import ListImport
from organizations.screening.runs import screen_due
from organizations.screening.snapshots import import_list

log = logging.getLogger(__name__)

READ_EVERY = timedelta(hours=4)
_STALE = "sanctions_list.stale"
# A sweep gives others their turn; what is left is still due the next time.
_MOST_AT_ONCE = 2000


def read_list_when_due() -> None:
    """Read the list from its address when the last attempt is some hours old."""
    address = settings.SANCTIONS_LIST_ADDRESS
    if not address:
        return
    recent = ListImport.objects.filter(at__gt=timezone.now() - READ_EVERY)
    if recent.exists():
        return
    try:
        attempt = import_list(address)
    except ActionRefused as refused:
        log.warning("sanctions list not taken: %s", refused)
    else:
        log.info("sanctions list read", extra={"outcome": attempt.outcome})


def screen_soon() -> None:
    """Once the transaction is through; what is lost here, the sweep finds."""
    transaction.on_commit(screen_names.enqueue, robust=True)


@task()
def screen_names() -> None:
    """Enqueued when somebody is named, so that nobody waits for the turn of the sweep."""
    screen_names_that_are_due()


def screen_names_that_are_due() -> None:
    """A sweep: compare names that are new or changed, and everybody's after a new list."""
    runs = screen_due(_MOST_AT_ONCE)
    if runs:
        log.info("screened", extra={"organizations": len(runs), "new": sum(r.new for r in runs)})


@transaction.atomic
def tell_of_stale_list() -> None:
    """Write to the secretariat once when the list could not be read for too long.

    Where it never could, the time counts from the first attempt.
    """
    first = ListImport.objects.select_for_update().order_by("pk").first()
    if first is None:
        return
    last = ListImport.objects.last_success()
    since = last or first.at
    if timezone.now() - since < ListImport.STALE_AFTER:
        return
    told = Event.objects.all().about(first).filter(name=_STALE, at__gt=since)
    if not told.exists():
        audit.record(_STALE, by=None, about=first, internal=True)
        emails_screening.list_is_stale(last)
