"""Numbers over time for the secretariat: charts of the last twelve months, tables of a year."""

import io
from collections.abc import Callable, Iterable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alliance.charts import Chart, Series
from alliance.spreadsheets import Format, open_sheet
from alliance.start_page import Link, Part
from alliance.text import Text
from organizations.people import signed_in
from submissions.downloads import download
from submissions.forms.statistics import YearForm
from submissions.models import Decision, Kind, Submission
from submissions.permissions import can_read_statistics
from submissions.statistics import (
    ByMonth,
    days_to_decision,
    decided_by_month,
    last_months,
    received_by_month,
    year_tables,
    years,
)

_COLUMNS = (_("Received"), _("Approved"), _("Published"), _("Declined"))


def over_time(request: HttpRequest) -> Part | None:
    """For the start page; three queries."""
    if not can_read_statistics(signed_in(request)):
        return None
    page = reverse("admin:submissions_submission_statistics")
    links = (Link(label=_("Statistics by year"), address=page),)
    return Part(title=_("The last twelve months"), charts=charts(), links=links)


def charts() -> tuple[Chart, ...]:
    """What came, what was decided, and how long it took, by month."""
    months = last_months(timezone.localdate())
    names = [f"{capfirst(MONTHS_3[month.month])} {month.year}" for month in months]
    median, most = days_to_decision(months)
    return (
        Chart(
            "intake",
            _("Received"),
            _("Expressions of Interest, Demands and Offers by the month in which they came."),
            names,
            _series(received_by_month(months), Kind.choices),
        ),
        Chart(
            "decisions",
            _("Decided"),
            _("Decisions by the month in which they were published, and by outcome."),
            names,
            _series(decided_by_month(months), Decision.Outcome.choices),
        ),
        Chart(
            "days",
            _("Days to the first decision"),
            _("From receipt to publishing, by the month of the decision."),
            names,
            [Series(_("Half of them within"), median), Series(_("Nine of ten within"), most)],
            is_stacked=False,
        ),
    )


def _series(numbers: ByMonth, labels: Iterable[tuple[str, Text]]) -> list[Series]:
    """In the order of the labels, those that are nowhere included: a mark means the same always."""
    return [Series(label, numbers.get(code, [0] * 12)) for code, label in labels]


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """The tables of one year, with the years to choose from."""
    form = _form(request)
    year = form.chosen()
    context = {
        **admin.site.each_context(request),
        "opts": Submission._meta,
        "title": gettext("Statistics of %(year)d") % {"year": year},
        "year": year,
        "years": years(),
        "columns": _COLUMNS,
        "tables": year_tables(year),
        "formats": Format.choices,
    }
    return render(request, "admin/submissions/submission/statistics.html", context)


@require_safe
def statistics_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The same tables as one file."""
    year = _form(request).chosen()
    if ending not in Format.values:
        raise Http404
    file = io.BytesIO()
    sheet = open_sheet(ending, file, [gettext("By"), gettext("Term"), *_COLUMNS])
    for table in year_tables(year):
        for row in table.rows:
            sheet.row([str(table.title), *row])
    sheet.close()
    return download(file.getvalue(), f"statistics-{year}.{ending}", Format(ending).content_type)


def _form(request: HttpRequest) -> YearForm:
    if not can_read_statistics(signed_in(request)):
        raise PermissionDenied
    return YearForm(request.GET, years=years())


# Of the admin of submissions: route -> name and view.
PAGES: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "statistics/": ("statistics", statistics),
    "statistics.<slug:ending>": ("statistics_file", statistics_file),
}
