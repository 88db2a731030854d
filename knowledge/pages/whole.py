"""A report with all that its page shows of it, in three questions that are kept as SQL."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils import timezone

from alliance.prepared import Prepared, hold
from knowledge.models import Edition, EditionFile, Report
from knowledge.models.report import ReportQuerySet
from knowledge.permissions import can_edit_library

# Larger ones no row has, and the database would not take them.
_LARGEST = 2**63 - 1


def _whole(reports: ReportQuerySet, pk: int) -> ReportQuerySet:
    return reports.with_codes().with_people().filter(pk=pk)


_known = Prepared(lambda pk, day: _whole(Report.objects.known(day), pk), int, date)
_any = Prepared(lambda pk: _whole(Report.objects.all(), pk), int)
_editions = Prepared(lambda report: Edition.objects.filter(report=report), int)
_files = Prepared(lambda report: EditionFile.objects.filter(edition__report=report), int)


def report_for(user: AbstractBaseUser | AnonymousUser, pk: int) -> Report | None:
    """The report of that number, where it is visible to `user` (`reports_visible_to`)."""
    if pk > _LARGEST:
        return None
    report = _any.first(pk) if can_edit_library(user) else _known.first(pk, timezone.localdate())
    if report is not None:
        _add_editions(report)
    return report


def made_from(report: Report) -> list[Model]:
    """All rows that the page shows of the report itself."""
    editions = list(report.editions.all())
    return [report, *editions, *(file for edition in editions for file in edition.files.all())]


def _add_editions(report: Report) -> None:
    editions = _editions.all(report.pk)
    files = _files.all(report.pk) if editions else []
    for edition in editions:
        edition.report = report
        own = [file for file in files if file.edition_id == edition.pk]
        for file in own:
            file.edition = edition
        hold(edition, "files", own)
    hold(report, "editions", editions)
