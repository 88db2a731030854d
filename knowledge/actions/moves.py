"""Where a report stands: the only functions that write its status."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.workflow import Actor
from knowledge.completeness import missing
from knowledge.indexing import mark_due
from knowledge.models import Report
from knowledge.permissions import can_edit_library
from knowledge.workflow import REPORT
from organizations.models import User


@transaction.atomic
def publish_report(report: Report, *, by: User | None) -> Report:
    """Give it to readers from now on; a retired one comes back. `by` is None for the system."""
    report = locked(report)
    _walk(report, "publish", by)
    _refuse_incomplete(report)
    report.embargoed_until = None
    report.retirement_note = ""
    return _saved(report, "report.published", by)


@transaction.atomic
def embargo_report(report: Report, *, by: User | None, until: datetime.date) -> Report:
    """Let it appear by itself on the day `until`, which must lie ahead."""
    report = locked(report)
    if report.is_published:
        raise ActionRefused(_("Readers have this report already. It can only be retired."))
    if until <= timezone.localdate():
        raise ActionRefused(_("Give a day that lies ahead, or publish the report now."))
    _walk(report, "embargo", by)
    _refuse_incomplete(report)
    report.embargoed_until = until
    return _saved(report, "report.embargoed", by, until=until.isoformat())


@transaction.atomic
def retire_report(report: Report, *, by: User | None, note: str) -> Report:
    """Take it off the lists; a page that shows `note` stays at its address."""
    report = locked(report)
    if not note.strip():
        raise ActionRefused(_("Say why: readers who follow a link find it there."))
    _walk(report, "retire", by)
    report.retirement_note = note.strip()
    return _saved(report, "report.retired", by)


@transaction.atomic
def withdraw_report(report: Report, *, by: User | None) -> Report:
    """Make it a draft again, as long as its embargo has not ended."""
    report = locked(report)
    if report.is_published:
        raise ActionRefused(_("Readers have this report already. It can only be retired."))
    _walk(report, "withdraw", by)
    report.embargoed_until = None
    return _saved(report, "report.withdrawn", by)


def locked(report: Report) -> Report:
    """The row as it is now, held until the transaction ends; who comes second waits here."""
    held = Report.objects.select_for_update().filter(pk=report.pk).first()
    if held is None:
        raise ActionRefused(_("This report was deleted meanwhile."))
    return held


def capacities(by: User | None) -> set[Actor]:
    """In which capacities somebody acts on reports; None is the system."""
    if by is None:
        return {Actor.SYSTEM}
    return {Actor.LIBRARY_EDITOR} if can_edit_library(by) else set()


def _walk(report: Report, name: str, by: User | None) -> None:
    report.status = REPORT.way(name, report.status, capacities(by)).target


def _refuse_incomplete(report: Report) -> None:
    if lacking := missing(report):
        raise ActionRefused(_("Before that, add: %(what)s") % {"what": " ".join(lacking)})


def _saved(report: Report, event: str, by: User | None, **data: Any) -> Report:
    """From now on the report is the editors', also where the portal shipped it."""
    report.catalogue_checksum = ""
    report.save()
    mark_due(report)
    audit.record(event, by=by, about=report, **data)
    return report
