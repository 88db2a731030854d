"""The queues of cases: what was just received, and files that people wait for."""

from datetime import timedelta

from alliance.watching import Queue, count
from submissions.models import DataExport, ListExport, Submission

_QUARTER = timedelta(minutes=15)


def arrivals() -> Queue:
    """Received and not yet confirmed to its sender, which is a matter of seconds."""
    arriving = Submission.objects.arriving()
    return count("arrivals", arriving, "submitted_at", late_after=timedelta(minutes=5))


def data_exports() -> Queue:
    return count("data_exports", DataExport.objects.due(), "requested_at", late_after=_QUARTER)


def list_exports() -> Queue:
    return count("list_exports", ListExport.objects.due(), "asked_at", late_after=_QUARTER)
