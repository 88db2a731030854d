"""How often reports were downloaded: a chart and a table of a year, of all reports or of one."""

import io

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alliance.charts import Chart, Series
from alliance.spreadsheets import Format, open_sheet
from knowledge import usage
from knowledge.forms import DownloadsForm
from knowledge.models import Report
from knowledge.permissions import can_read_downloads

MOST_REPORTS = 100


@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    """A year in numbers; `report` narrows it to one."""
    form = _form(request)
    year, number = form.chosen()
    report = get_object_or_404(Report, pk=number) if number else None
    months = usage.of_year(year, report)
    context = {
        **admin.site.each_context(request),
        "opts": Report._meta,
        "title": gettext("Downloads in %(year)d") % {"year": year},
        "report": report,
        "year": year,
        "years": form.years,
        "chart": _chart(year, months),
        "months": months,
        "rows": [] if report else usage.by_report(year, MOST_REPORTS),
        "most": MOST_REPORTS,
        "formats": Format.choices,
    }
    return render(request, "admin/knowledge/report/downloads.html", context)


@require_safe
def downloads_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The whole year with COUNTER's columns."""
    year, _number = _form(request).chosen()
    if ending not in Format.values:
        raise Http404
    file = io.BytesIO()
    sheet = open_sheet(ending, file, usage.heading(year))
    for row in usage.table(year):
        sheet.row(row)
    sheet.close()
    response = HttpResponse(file.getvalue(), content_type=Format(ending).content_type)
    response["Content-Disposition"] = f'attachment; filename="downloads-{year}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: HttpRequest) -> DownloadsForm:
    if not can_read_downloads(request.user):
        raise PermissionDenied
    return DownloadsForm(request.GET, years=usage.years())


def _chart(year: int, months: usage.Months) -> Chart:
    """Months that are still to come have no number, and no mark."""
    today = timezone.localdate()
    come = usage.MONTHS if year < today.year else today.month
    return Chart(
        "downloads",
        _("Downloads"),
        _("PDF files by the month in which they were asked for."),
        [f"{capfirst(MONTHS_3[number])} {year}" for number in range(1, usage.MONTHS + 1)],
        [
            Series(label, [*numbers[:come], *[None] * (usage.MONTHS - come)])
            for label, numbers in (
                (_("All"), months.requests),
                (_("One for each visit"), months.unique),
            )
        ],
        is_stacked=False,
    )
