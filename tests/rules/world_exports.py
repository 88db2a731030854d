"""What was taken out of the portal in use: lists by a senior, reports by an administrator."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from knowledge.models import ReportExport
from organizations.models import User
from submissions.lists import reach_of
from submissions.models import ListExport


def add_list_exports(person: User, rows: int) -> dict[str, dict[str, Any]]:
    """Make the rows; returns what stands for the parameters of their addresses."""
    for _number in range(rows):
        export = ListExport.objects.create(
            asked_by=person,
            model="submissions.submission",
            query="queue=all",
            format="csv",
            made_at=timezone.now(),
            reach=reach_of(person),
            file=storages["private"].save("list-exports/list.csv", ContentFile(b"Reference")),
        )
    acts = ("change", "history", "delete", "download", "drop")
    pages = {f"admin:submissions_listexport_{act}": {"object_id": export.pk} for act in acts}
    asking = {"app": "submissions", "name": "submission"}
    return {**pages, "admin:submissions_listexport_ask": asking}


def add_report_exports(person: User, rows: int) -> dict[str, dict[str, Any]]:
    """The same for exports of reports, with as many PDFs left out."""
    for _number in range(rows):
        export = ReportExport.objects.create(
            asked_by=person,
            report_ids=[1],
            format=ReportExport.Format.CSV,
            total=1,
            done=1,
            made_at=timezone.now(),
            file=storages["private"].save("report-exports/reports.csv", ContentFile(b"id")),
            problems=[(2, "file_en", "Lost.")] * rows,
        )
    acts = ("page", "download", "drop")
    return {f"admin:knowledge_report_export_{act}": {"export_id": export.pk} for act in acts}
