"""Which reports the index has to take up, and when."""

import logging

from django.db import transaction
from django.db.models import F, Q, QuerySet

from knowledge.indexing import entries
from knowledge.models import IndexChange, Report

log = logging.getLogger(__name__)

# A sweep gives others their turn; what is left is still due the next time.
_MOST_AT_ONCE = 500


@transaction.atomic
def mark_due(report: Report) -> None:
    """Take up what is said of `report` now, and have the words inside its files read again.

    Call it in the transaction that changed the report, its editions or their pages, after all of
    the changes.
    """
    if entries.write(report.pk):
        IndexChange.objects.create()


def index_due() -> int:
    """Take up reports that the index has missed; returns how many. A sweep."""
    missed = list(_missed().order_by("pk")[:_MOST_AT_ONCE])
    for report in missed:
        mark_due(report)
    return len(missed)


def _missed() -> QuerySet[Report]:
    """Reports that came or changed without a word to the index."""
    return Report.objects.filter(
        Q(index_entry=None) | Q(changed_at__gt=F("index_entry__written_at"))
    )
