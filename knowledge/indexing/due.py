"""Which reports the index has to take up, and when."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from knowledge.indexing import entries, inside
from knowledge.models import EditionFile, IndexChange, IndexEntry, Report

log = logging.getLogger(__name__)

# A sweep gives others their turn; what is left is still due the next time.
_MOST_AT_ONCE = 500
_MOST_SECONDS = 20.0
# Verdicts that are looked at: a week is far more than the worker, who scans too, ever stands still,
# and spares each sweep to compare all files of the library with the index.
_JUDGED_LATELY = timedelta(days=7)
# More changes than that are not told apart any more, only counted.
_MOST_CHANGES = 200


@transaction.atomic
def mark_due(report: Report) -> None:
    """Take up what is said of `report` now, and have the words inside its files read again.

    Call it in the transaction that changed the report, its editions or their pages, after all of
    the changes.
    """
    if entries.write(report.pk):
        IndexChange.objects.create()


def index_due() -> int:
    """Take up what the index has missed and read what is due; returns how many. A sweep."""
    until = time.monotonic() + _MOST_SECONDS
    done = 0
    for report in _missed().order_by("pk")[:_MOST_AT_ONCE]:
        mark_due(report)
    due = IndexEntry.objects.due().order_by("attempts", "report_id")
    for entry in due.only("report_id", "wanted", "read")[:_MOST_AT_ONCE]:
        if time.monotonic() > until:
            break
        done += _read(entry)
    _forget_changes()
    return done


def _missed() -> QuerySet[Report]:
    """Reports that came or changed without a word to the index, or whose files were judged since.

    The scanner knows nothing of the library: pages of a file that waits for it are left out, and a
    verdict brings them back or keeps them out.
    """
    judged = EditionFile.objects.filter(
        Q(scanned_at__gt=timezone.now() - _JUDGED_LATELY),
        scanned_at__gt=F("edition__report__index_entry__written_at"),
    ).values("edition__report_id")
    return Report.objects.filter(
        Q(index_entry=None) | Q(changed_at__gt=F("index_entry__written_at")) | Q(pk__in=judged)
    )


def _read(entry: IndexEntry) -> bool:
    """Read one report's pages; what fails is tried again some times, after the others."""
    try:
        with transaction.atomic():
            # Beside another worker at the same report both would write its pages.
            held = IndexEntry.objects.filter(pk=entry.pk, read__lt=entry.wanted)
            if not held.select_for_update(skip_locked=True, no_key=True).exists():
                return False
            inside.read(entry)
            IndexChange.objects.create()
    except Exception:
        log.exception("report not read into the index", extra={"report": entry.pk})
        IndexEntry.objects.filter(pk=entry.pk).update(attempts=F("attempts") + 1)
        return False
    return True


def _forget_changes() -> None:
    """Keep the newest change once there are many: the state has another name, nothing else."""
    newest = list(IndexChange.objects.order_by("-pk").values_list("pk", flat=True)[:1])
    if newest and IndexChange.objects.count() > _MOST_CHANGES:
        IndexChange.objects.filter(pk__lt=newest[0]).delete()
