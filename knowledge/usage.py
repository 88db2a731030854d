"""How often reports were downloaded: by month, by report, and as a table for other programs."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, Min, QuerySet, Sum
from django.db.models.functions import ExtractMonth, TruncMonth
from django.utils import timezone

from knowledge.models import DownloadCount, Edition, RecentDownload, Report

MONTHS = 12

# Columns of COUNTER's tables; with the language, as each language is a file of its own.
HEADING = (
    "Title",
    "Language",
    "Publisher",
    "Platform",
    "DOI",
    "Proprietary_ID",
    "ISBN",
    "URI",
    "Data_Type",
    "YOP",
    "Access_Type",
    "Access_Method",
    "Metric_Type",
    "Reporting_Period_Total",
)
_PLATFORM = "UNOSSC Alliance"


class Months(NamedTuple):
    """Two numbers for each month of a year: all requests, and those counted once for a visit."""

    requests: list[int]
    unique: list[int]

    @property
    def total(self) -> int:
        return sum(self.requests)

    @property
    def unique_total(self) -> int:
        return sum(self.unique)


class ReportUsage(NamedTuple):
    report: Report
    months: Months


def years() -> list[int]:
    """From the first year that has a number to this one, newest first."""
    this_year = timezone.localdate().year
    first = DownloadCount.objects.aggregate(first=Min("month"))["first"]
    return list(range(this_year, min(first.year if first else this_year, this_year) - 1, -1))


def of_year(year: int, report: Report | None = None) -> Months:
    """The months of a year, of one report or of all; two queries."""
    return _summed(_rows(year, report), lambda row: 0).get(0, _nothing())


def by_report(year: int, most: int) -> list[ReportUsage]:
    """The reports that were asked for most in a year; three queries."""
    found = _summed(_rows(year), lambda row: row["edition__report_id"])
    first = sorted(found, key=lambda number: (-found[number].total, number))[:most]
    reports = Report.objects.only("title", "slug", "publisher", "year").in_bulk(first)
    return [ReportUsage(reports[number], found[number]) for number in first if number in reports]


def total(report: Report) -> int:
    """All requests there ever were; two queries."""
    tables = (DownloadCount.objects, RecentDownload.objects)
    sums = [
        table.filter(edition__report=report).aggregate(n=Sum("requests"))["n"] for table in tables
    ]
    return sum(number or 0 for number in sums)


def table(year: int) -> Iterator[list[Any]]:
    """The rows below `heading`: two for each edition that was asked for, in the order of titles."""
    found = _summed(_rows(year), lambda row: row["edition_id"])
    editions = Edition.objects.filter(pk__in=found).select_related("report")
    for edition in editions.defer("reading_html").order_by("title", "pk"):
        months = found[edition.pk]
        facts = _facts(edition)
        yield [*facts, "Total_Item_Requests", months.total, *months.requests]
        yield [*facts, "Unique_Item_Requests", months.unique_total, *months.unique]


def heading(year: int) -> list[str]:
    """The columns of `table`, the months as COUNTER names them: `Jan-2026`."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return [*HEADING, *(f"{name}-{year}" for name in names)]


def _facts(edition: Edition) -> list[Any]:
    report = edition.report
    address = settings.SITE_URL + report.get_absolute_url()
    return [
        edition.title,
        edition.language,
        report.publisher,
        _PLATFORM,
        report.doi,
        f"alliance:{report.pk}",
        report.isbn,
        address,
        "Report",
        report.year,
        "Free_To_Read",
        "Regular",
    ]


def _rows(year: int, report: Report | None = None) -> list[dict[str, Any]]:
    """Totals, and what today added to them."""
    span = (date(year, 1, 1), date(year, 12, 31))
    tables: list[QuerySet[Any]] = [
        DownloadCount.objects.filter(month__range=span).annotate(begins=F("month")),
        RecentDownload.objects.filter(day__range=span).annotate(begins=TruncMonth("day")),
    ]
    found: list[dict[str, Any]] = []
    for rows in tables:
        chosen = rows if report is None else rows.filter(edition__report=report)
        found += (
            chosen.values("edition_id", "edition__report_id", number=ExtractMonth("begins"))
            .annotate(all=Sum("requests"), unique=Sum("unique_requests"))
            .order_by()
        )
    return found


def _summed(rows: list[dict[str, Any]], key: Any) -> dict[int, Months]:
    found: dict[int, Months] = defaultdict(_nothing)
    for row in rows:
        months = found[key(row)]
        months.requests[row["number"] - 1] += row["all"]
        months.unique[row["number"] - 1] += row["unique"]
    return found


def _nothing() -> Months:
    return Months([0] * MONTHS, [0] * MONTHS)
