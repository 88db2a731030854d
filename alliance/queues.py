"""The queues of the ground: mail, files that wait for the virus scanner, jobs."""

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django_tasks_db.models import DBTaskResult

from alliance.models import OutgoingMail
from alliance.models.scanned_file import scanned_models
from alliance.scanning import UNUSUALLY_LONG
from alliance.watching import Queue, count


def mail() -> Queue:
    """Unsent mail. One whose server is away waits for two days, which is no fault of ours."""
    return count(
        "mail", OutgoingMail.objects.filter(status=OutgoingMail.Status.QUEUED), "created_at"
    )


def files_to_scan() -> Queue:
    """Files without a verdict, of all models together; a query for each."""
    waiting, oldest = 0, list[datetime]()
    for model in scanned_models():
        unjudged = model._default_manager.filter(scan_due_at__isnull=False).order_by()
        found = unjudged.aggregate(waiting=Count("pk"), oldest=Min("added_at"))
        waiting += found["waiting"]
        oldest += [found["oldest"]] if found["oldest"] else []
    return Queue(
        name="files_to_scan",
        waiting=waiting,
        oldest=min(oldest, default=None),
        late_after=UNUSUALLY_LONG,
    )


def jobs() -> Queue:
    """Jobs of the queue; what one stands for is found by a sweep as well."""
    ready = DBTaskResult.objects.ready()
    return count("jobs", ready, "enqueued_at", late_after=timedelta(minutes=15))
