"""A table of reports that an administrator sent, and that was tried."""

import uuid
from typing import Any

from alliance.models import StagedUpload
from knowledge.models import TableImport
from organizations.models import User


def add_table_import(person: User, rows: int) -> dict[str, dict[str, Any]]:
    """Make the row; returns what stands for the parameters of its addresses."""
    upload = StagedUpload.objects.create(
        purpose="library-table",
        name="reports.csv",
        sent_size=9,
        path=uuid.uuid4().hex,
        size=9,
        sha256=64 * "0",
        content_type="text/csv",
        uploaded_by=person.pk,
    )
    table = TableImport.objects.create(
        upload=upload,
        state=TableImport.State.TRIED,
        total=rows,
        done=rows,
        added=rows,
        differing=[(number, "added", "Rain", []) for number in range(rows)],
    )
    names = ("table", "take")
    return {f"admin:knowledge_report_import_{name}": {"import_id": table.pk} for name in names}
