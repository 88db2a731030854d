"""Taking a list of the secretariat out as a file."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.keeping import drop_with_files
from alliance.spreadsheets import MOST_XLSX_ROWS, Format
from organizations.models import User
from submissions import tasks
from submissions.lists import listing
from submissions.models import ListExport

# How many a person may wait for at once: each keeps the worker from other work.
_MOST_WAITING = 3


@transaction.atomic
def export_list(label: str, *, by: User, query: str, file_format: str) -> ListExport:
    """Have the list of the model called `label`, with these filters, made into a file.

    Asking twice for the same finds the first one while it is in the making. Raises NoSuchList
    where the person has no such list.
    """
    User.objects.select_for_update().get(pk=by.pk)
    total = listing(label, query, person=by).total
    if file_format == Format.XLSX and total >= MOST_XLSX_ROWS:
        raise ActionRefused(_("Excel opens about a million rows, and this list has more: use CSV."))
    waiting = ListExport.objects.filter(asked_by=by).unmade()
    same = waiting.filter(model=label, query=query, format=file_format).first()
    if same is not None:
        return same
    if waiting.count() >= _MOST_WAITING:
        raise ActionRefused(_("Three of your lists are being made. Please wait for one of them."))
    export = ListExport.objects.create(
        asked_by=by, model=label, query=query, format=file_format, total=total
    )
    what = label.partition(".")[2]
    audit.record("list_export.requested", by=by, about=export, internal=True, list=what)
    transaction.on_commit(tasks.make_list_exports.enqueue)
    return export


@transaction.atomic
def note_download(export: ListExport, *, by: User) -> ListExport:
    """That the file left the portal."""
    what = export.model.partition(".")[2]
    audit.record("list_export.downloaded", by=by, about=export, internal=True, list=what)
    return export


@transaction.atomic
def drop_list_export(export: ListExport, *, by: User) -> None:
    """Delete it before its time."""
    audit.record("list_export.dropped", by=by, about=export, internal=True)
    drop_with_files(ListExport.objects.filter(pk=export.pk))
