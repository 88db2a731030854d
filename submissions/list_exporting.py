"""The making of an export: claimed by one worker, written in pieces, kept once in effect."""

import logging
import tempfile
from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from alliance import audit
from alliance.files.storage import private_storage
from alliance.models.upload import staging_folder
from alliance.spreadsheets import open_sheet
from submissions.lists import listing, reach_of
from submissions.models import ListExport
from submissions.personal_data import LIST_EXPORTS_FOLDER

log = logging.getLogger(__name__)

_TOLD_EVERY = 1000  # rows


class TakenOver(Exception):
    """Another worker has begun this export since, or nobody wants it any more."""


def make_list_export(pk: int) -> bool:
    """Make one export, unless it is made or another worker is at it; returns whether it was.

    May run any number of times, at once too: each beginning counts up `attempts`, and only the
    newest one's file is kept. A worker that is killed leaves nothing but the lease, which ends.
    """
    if not _claim(pk):
        return False
    export = ListExport.objects.select_related("asked_by").get(pk=pk)
    try:
        with tempfile.TemporaryFile(dir=staging_folder()) as whole:
            _write(export, whole)
            _keep(export, whole)
    except TakenOver:
        return False
    except Exception:
        log.exception("export of a list failed", extra={"export": pk})
        _mine(export).update(leased_until=None)
        return False
    return True


def _claim(pk: int) -> bool:
    now = timezone.now()
    due = ListExport.objects.due().filter(pk=pk)
    return due.update(attempts=F("attempts") + 1, leased_until=now + ListExport.LEASE, done=0) > 0


def _mine(export: ListExport) -> QuerySet[ListExport]:
    """The row, as long as no other worker has begun it."""
    return ListExport.objects.filter(pk=export.pk, attempts=export.attempts, made_at=None)


def _write(export: ListExport, whole: IO[bytes]) -> None:
    export.reach = reach_of(export.asked_by)
    found = listing(export.model, export.query, person=export.asked_by)
    _tell(export, 0, total=found.total)
    sheet = open_sheet(export.format, whole, found.heading)
    number = 0
    for number, cells in enumerate(found.rows(), start=1):
        sheet.row(cells)
        if number % _TOLD_EVERY == 0:
            _tell(export, number, total=max(found.total, number))
    sheet.close()
    _tell(export, number, total=number)


def _tell(export: ListExport, done: int, *, total: int) -> None:
    """How far it is, for the page that waits; it also says that this worker lives."""
    leased_until = timezone.now() + ListExport.LEASE
    if not _mine(export).update(done=done, total=total, leased_until=leased_until):
        raise TakenOver


def _keep(export: ListExport, whole: IO[bytes]) -> None:
    size = whole.seek(0, 2)
    whole.seek(0)
    name = private_storage().save(f"{LIST_EXPORTS_FOLDER}/list.{export.format}", File(whole))
    with transaction.atomic():
        is_kept = (
            _mine(export).update(
                file=name,
                size=size,
                reach=export.reach,
                made_at=timezone.now(),
                leased_until=None,
            )
            > 0
        )
        if is_kept:
            what = export.model.partition(".")[2]
            audit.record("list_export.made", by=None, about=export, internal=True, list=what)
    if not is_kept:
        private_storage().delete(name)
        raise TakenOver
