"""Tables that editors send: tried by the worker, and taken over whole when the editor says so."""

import logging
from dataclasses import astuple
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.checks import FileRefused
from alliance.models import StagedUpload
from knowledge.actions.imports import Tally, take_rows
from knowledge.exchange.problems import Problem, Wrong
from knowledge.exchange.sent import opened
from knowledge.models import TableImport
from knowledge.permissions import can_edit_library
from organizations.models import User

log = logging.getLogger(__name__)

_State = TableImport.State
_TOLD_EVERY = 20  # rows


class _NotAllRight(Exception):
    """What was right on trial is not any more: the library has changed since."""


class _TakenOver(Exception):
    """Another worker is at it, or nobody wants it any more."""


@transaction.atomic
def try_table(upload: StagedUpload, *, by: User) -> TableImport:
    """Have the table tried by the worker; the same upload sent again finds its first import."""
    table, is_new = TableImport.objects.get_or_create(upload=upload)
    if is_new:
        audit.record("table_import.sent", by=by, about=table, internal=True)
    return table


@transaction.atomic
def take_table(table: TableImport, *, by: User) -> TableImport:
    """Have what was tried taken over by the worker: all of it, or nothing."""
    table = TableImport.objects.select_for_update().get(pk=table.pk)
    if table.state in {_State.WANTED, _State.TAKEN}:
        return table
    if not table.can_be_taken:
        raise ActionRefused(_("Nothing can be taken over. Please send the table once more."))
    table.state, table.attempts, table.leased_until = _State.WANTED, 0, None
    table.save(update_fields=["state", "attempts", "leased_until"])
    audit.record("table_import.wanted", by=by, about=table, internal=True)
    return table


def run_due_imports() -> int:
    """Try or take over the tables that editors wait for; returns how many. A sweep.

    Any number of workers may do so at once.
    """
    done = 0
    while (table := _claim_next()) is not None:
        done += _run(table)
    return done


@transaction.atomic
def _claim_next() -> TableImport | None:
    """A due one, kept from others for a minute; one that is being taken over is locked anyway."""
    due = TableImport.objects.due().select_related("upload").order_by("pk")
    table = due.select_for_update(skip_locked=True, of=("self",)).first()
    if table is not None:
        table.attempts += 1
        table.leased_until = timezone.now() + TableImport.LEASE
        table.save(update_fields=["attempts", "leased_until"])
    return table


def _run(table: TableImport) -> bool:
    """Do what one claimed row asks for; True if it is done with, for good or ill."""
    by = User.objects.filter(pk=table.upload.uploaded_by or 0, is_active=True).first()
    try:
        if by is None or not can_edit_library(by):
            raise Wrong([Problem(1, "", _("Whoever sent this may not edit the library any more."))])
        _take_over(table, by) if table.state == _State.WANTED else _try(table, by)
    except Wrong as wrong:
        _settle(table, _State.REFUSED, Tally(problems=wrong.problems))
    except FileRefused as refused:
        _settle(table, _State.REFUSED, Tally(problems=[Problem(0, "", str(refused))]))
    except _TakenOver:
        return False
    except Exception:
        log.exception("import of a table failed", extra={"import": table.pk})
        _mine(table).update(leased_until=None)
        return False
    return True


def _try(table: TableImport, by: User) -> None:
    with opened(table.upload) as (rows, beside):
        _tell(table, Tally(), len(rows))

        def tell(tally: Tally) -> None:
            if tally.done % _TOLD_EVERY == 0:
                _tell(table, tally, len(rows))

        tally = take_rows(rows, beside, by=by, is_trial=True, tell=tell)
        _settle(table, _State.TRIED, tally, total=len(rows))


def _take_over(table: TableImport, by: User) -> None:
    """In one transaction: a worker that dies, or a row that went wrong meanwhile, leaves nothing."""
    try:
        with transaction.atomic():
            if not _mine(table).select_for_update(skip_locked=True).exists():
                raise _TakenOver
            with opened(table.upload) as (rows, beside):
                tally = take_rows(rows, beside, by=by, is_trial=False)
            if tally.wrong:
                raise _NotAllRight
            _settle(table, _State.TAKEN, tally, total=len(rows))
            audit.record("table_import.taken", by=by, about=table, internal=True)
    except _NotAllRight:
        _settle(table, _State.TRIED, tally, total=len(rows))


def _tell(table: TableImport, tally: Tally, total: int) -> None:
    """How far it is, for the page that waits; it also says that this worker lives."""
    leased_until = timezone.now() + TableImport.LEASE
    if not _mine(table).update(leased_until=leased_until, total=total, **_counts(tally)):
        raise _TakenOver


def _settle(table: TableImport, state: str, tally: Tally, *, total: int = 0) -> None:
    found = {
        "differing": [astuple(each) for each in tally.differing],
        "problems": [astuple(each) for each in tally.problems],
    }
    settled = _mine(table).update(
        state=state, leased_until=None, total=total, **_counts(tally), **found
    )
    if not settled:
        raise _TakenOver


def _mine(table: TableImport) -> Any:
    """The row, as long as no other worker has begun it."""
    return TableImport.objects.filter(pk=table.pk, attempts=table.attempts, state=table.state)


def _counts(tally: Tally) -> dict[str, int]:
    names = ("done", "added", "changed", "same", "wrong")
    return {name: getattr(tally, name) for name in names}
