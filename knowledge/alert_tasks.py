"""What the worker does about alerts: each a sweep that may run twice at once."""

import logging
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from knowledge import alert_search, search
from knowledge.emails import tell_of_reports
from knowledge.models import Alert, Appearance, Report

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(minutes=10)
# Time for the text of a new report to be read: it is told of once its pages can be searched.
SETTLED_AFTER = timedelta(hours=1)
# A search that took too long may be quick once others have ended; nothing new is missed by then.
_AGAIN_AFTER = timedelta(hours=1)
PERIODS = {Alert.Frequency.DAY: timedelta(days=1), Alert.Frequency.WEEK: timedelta(days=7)}

# A sweep gives others their turn; what is left is still due the next time.
_MOST_APPEARANCES = 5000
_MOST_ALERTS = 200
# Named in one mail; the rest is behind its link to the list.
MOST_NAMED = 10


def note_appearances() -> int:
    """Write down which reports have come into the library; returns how many. A sweep.

    An embargo ends without anybody's doing, so all that readers can see are looked through.
    """
    if not cache.add("knowledge.appearances", "noted", timeout=NOTED_EVERY.total_seconds()):
        return 0
    new = Report.objects.published().filter(appearance=None).order_by("pk")
    ids = list(new.values_list("pk", flat=True)[:_MOST_APPEARANCES])
    now = timezone.now()
    rows = [Appearance(report_id=pk, at=now) for pk in ids]
    Appearance.objects.bulk_create(rows, ignore_conflicts=True)
    return len(ids)


def send_alerts() -> int:
    """Look whether there is anything new for the alerts that are due; returns how many mails."""
    due = list(Alert.objects.due().values_list("pk", flat=True)[:_MOST_ALERTS])
    return sum(_look(pk) for pk in due)


def _look(pk: int) -> bool:
    """Look for one alert under its row's lock; one that fails has its next turn all the same."""
    with transaction.atomic():
        alert = Alert.objects.due().filter(pk=pk).select_for_update(skip_locked=True).first()
        if alert is None:
            return False
        now = timezone.now()
        until = now - SETTLED_AFTER
        is_told, next_look = False, PERIODS[Alert.Frequency(alert.frequency)]
        try:
            with transaction.atomic():
                is_told = _tell(alert, until)
        except search.TookTooLong:
            log.warning("the search of an alert took too long", extra={"alert": alert.pk})
            next_look = _AGAIN_AFTER
        except Exception:
            log.exception("an alert could not be looked at", extra={"alert": alert.pk})
        else:
            alert.seen_until = max(alert.seen_until, until)
        alert.due_at = now + next_look
        alert.save(update_fields=["seen_until", "due_at"])
        return is_told


def _tell(alert: Alert, until: datetime) -> bool:
    """Write of the reports that match and appeared since the last look, if there are any."""
    appeared = Appearance.objects.filter(at__gt=alert.seen_until, at__lte=until)
    numbers = list(appeared.values_list("report_id", flat=True))
    if not numbers:
        return False
    # A search shows its best thousand: the new one need not be among them.
    new = search.matching(alert_search.query_of(alert.search), among=numbers)
    number = new.count()
    if number:
        newest = new.order_by("-appearance__at", "-pk")
        tell_of_reports(alert, list(newest[:MOST_NAMED]), number)
    return number > 0
