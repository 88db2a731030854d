"""Telling harvesters of the reports whose embargo has run out: no row changes when its day comes."""

from django.db import transaction
from django.utils import timezone

from knowledge.models import HarvestRecord, IndexChange, Report


def announce_embargoed() -> int:
    """Give reports a record on the day from which they are public; returns how many. A sweep."""
    told = HarvestRecord.objects.filter(is_deleted=False).values("report_number")
    due = Report.objects.published().filter(status=Report.Status.EMBARGOED).exclude(pk__in=told)
    now = timezone.now().replace(microsecond=0)
    with transaction.atomic():
        numbers = list(due.select_for_update().order_by("pk").values_list("pk", flat=True))
        HarvestRecord.objects.bulk_create(
            [HarvestRecord(report_number=number, changed_at=now) for number in numbers],
            update_conflicts=True,
            unique_fields=["report_number"],
            update_fields=["changed_at", "is_deleted"],
        )
        if numbers:
            # What harvesters read is public as well: it has another state from now on.
            IndexChange.objects.create()
    return len(numbers)
