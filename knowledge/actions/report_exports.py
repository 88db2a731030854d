"""Reports that editors take out: asked for with the list, made by the worker, gone after a day."""

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple
from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.keeping import drop_with_files
from alliance.files.storage import private_storage
from alliance.models.upload import staging_folder
from knowledge.exchange.tables import MOST_ROWS
from knowledge.exchange.writing import Written, write_archive, write_table
from knowledge.models import Report, ReportExport
from knowledge.models.report_export import ReportExportQuerySet
from knowledge.permissions import can_edit_library
from organizations.models import User

log = logging.getLogger(__name__)

# How many one person may have: each may be as large as the library.
_MOST_KEPT = 5
_TOLD_EVERY = 1.0  # seconds


class _TakenOver(Exception):
    """Another worker has begun this export since, or nobody wants it any more."""


@transaction.atomic
def export_reports(reports: Iterable[int], *, by: User, file_format: str) -> ReportExport:
    """Have the reports with these numbers made into a file.

    Asking twice for the same finds the first one while it is in the making.
    """
    User.objects.select_for_update().get(pk=by.pk)
    wanted = sorted(set(reports))
    if not wanted:
        raise ActionRefused(_("There are no reports in this list."))
    if len(wanted) > MOST_ROWS:
        raise ActionRefused(_("At most 20,000 reports at once. Please filter the list."))
    mine = ReportExport.objects.asked_by(by)
    same = mine.unmade().filter(report_ids=wanted, format=file_format).first()
    if same is not None:
        return same
    if mine.count() >= _MOST_KEPT:
        raise ActionRefused(_("You have five exports already. Please delete one of them first."))
    export = ReportExport.objects.create(
        asked_by=by, report_ids=wanted, format=file_format, total=len(wanted)
    )
    audit.record("report_export.requested", by=by, about=export, internal=True, reports=len(wanted))
    return export


@transaction.atomic
def note_download(export: ReportExport, *, by: User) -> ReportExport:
    """That the file left the portal."""
    audit.record("report_export.downloaded", by=by, about=export, internal=True)
    return export


@transaction.atomic
def drop_export(export: ReportExport, *, by: User) -> None:
    """Delete it before its time; a worker that is at it stops."""
    audit.record("report_export.dropped", by=by, about=export, internal=True)
    drop_with_files(ReportExport.objects.filter(pk=export.pk))


def make_due_exports() -> int:
    """Make the exports that editors wait for, the oldest first; returns how many. A sweep.

    Any number of workers may do so at once: each beginning counts up `attempts`, and only the
    newest one's file is kept. A worker that is killed leaves nothing but its hold, which ends.
    """
    waiting = ReportExport.objects.due().order_by("pk").values_list("pk", flat=True)
    return sum(_make(pk) for pk in list(waiting))


def _make(pk: int) -> bool:
    leased_until = timezone.now() + ReportExport.LEASE
    due = ReportExport.objects.due().filter(pk=pk)
    if not due.update(attempts=F("attempts") + 1, leased_until=leased_until, done=0):
        return False
    export = ReportExport.objects.select_related("asked_by").get(pk=pk)
    if not (export.asked_by.is_active and can_edit_library(export.asked_by)):
        _mine(export).update(attempts=ReportExport.MOST_ATTEMPTS, leased_until=None)
        return False
    try:
        with tempfile.TemporaryFile(dir=staging_folder()) as whole:
            written = _write(export, whole)
            _keep(export, whole, written)
    except _TakenOver:
        return False
    except Exception:
        log.exception("export of reports failed", extra={"export": pk})
        _mine(export).update(leased_until=None)
        return False
    return True


def _mine(export: ReportExport) -> ReportExportQuerySet:
    """The row, as long as no other worker has begun it."""
    return ReportExport.objects.filter(pk=export.pk, attempts=export.attempts, made_at=None)


def _write(export: ReportExport, whole: IO[bytes]) -> Written:
    reports, tell = Report.objects.filter(pk__in=export.report_ids), _teller(export)
    if export.format == ReportExport.Format.ZIP:
        return write_archive(reports, whole, tell)
    return write_table(reports, whole, None, tell)


def _teller(export: ReportExport) -> Callable[[int], None]:
    """Writes down how far it is, at most once a second; that also says that this worker lives."""
    told_at = -_TOLD_EVERY

    def tell(done: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < _TOLD_EVERY:
            return
        told_at = time.monotonic()
        leased_until = timezone.now() + ReportExport.LEASE
        if not _mine(export).update(done=done, leased_until=leased_until):
            raise _TakenOver

    return tell


class _Told(File):
    """A file that tells at each piece that it is still being copied."""

    def __init__(self, file: IO[bytes], tell: Callable[[], None]) -> None:
        super().__init__(file)
        self._tell = tell

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for piece in super().chunks(chunk_size):
            self._tell()
            yield piece


def _keep(export: ReportExport, whole: IO[bytes], written: Written) -> None:
    size, tell = whole.seek(0, 2), _teller(export)
    copied = _Told(whole, lambda: tell(written.count))
    name = private_storage().save(f"{ReportExport.FOLDER}/reports.{export.format}", copied)
    with transaction.atomic():
        is_kept = _mine(export).update(
            file=name,
            size=size,
            total=written.count,
            done=written.count,
            problems=[astuple(each) for each in written.problems],
            made_at=timezone.now(),
            leased_until=None,
        )
        if is_kept:
            audit.record("report_export.made", by=None, about=export, internal=True)
    if not is_kept:
        private_storage().delete(name)
        raise _TakenOver
