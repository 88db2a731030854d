"""The library's queues: PDFs to read, reports to index, exports and imports that editors wait for."""

from datetime import timedelta

from alliance.watching import Queue, count
from knowledge.models import Alert, EditionFile, IndexEntry, ReportExport, TableImport

# Those of the long sweeps stand in a row: one export may take many minutes.
_LONG = timedelta(hours=2)


def files_to_read() -> Queue:
    return count(
        "files_to_read", EditionFile.objects.due_for_reading(), "text_due_at", late_after=_LONG
    )


def reports_to_index() -> Queue:
    return count("reports_to_index", IndexEntry.objects.due(), "written_at")


def report_exports() -> Queue:
    return count("report_exports", ReportExport.objects.due(), "asked_at", late_after=_LONG)


def table_imports() -> Queue:
    return count("table_imports", TableImport.objects.due(), "upload__created_at", late_after=_LONG)


def alerts() -> Queue:
    return count("alerts", Alert.objects.due(), "due_at", late_after=timedelta(hours=2))
