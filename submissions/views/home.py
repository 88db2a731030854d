from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from alliance import vocabularies
from alliance.middleware import public
from alliance.models import Term
from knowledge.models import Edition, Report
from submissions.models import Kind, Submission
from submissions.workflow import APPROVED_STATES

NEWEST = 3
EXCERPT_WORDS = 36


class Entry(NamedTuple):
    """What `components/entry.html` shows of one report."""

    url: str
    title: str
    meta: list[str]
    text: str
    goals: list[Term]


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    numbers = list(_numbers())
    context = {
        "reports": newest_reports(),
        # One figure alone says little and looks lost.
        "numbers": numbers if len(numbers) > 1 else [],
    }
    return render(request, "submissions/home.html", context)


def newest_reports() -> list[Entry]:
    """The newest reports; each shows the abstract of its first edition."""
    first_edition = Edition.objects.filter(report=OuterRef("pk")).order_by("pk")
    abstract = Subquery(first_edition.values("abstract")[:1])
    reports = Report.objects.published().newest_first().with_codes().annotate(abstract=abstract)
    return [
        Entry(
            url=report.get_absolute_url(),
            title=report.title,
            meta=[str(fact) for fact in (report.publisher, report.year) if fact],
            text=Truncator(report.abstract or "").words(EXCERPT_WORDS),
            goals=[term for code in report.goal_codes if (term := vocabularies.term("sdg", code))],
        )
        for report in reports[:NEWEST]
    ]


def _approved() -> QuerySet[Submission]:
    return Submission.objects.filter(kind=Kind.EXPRESSION_OF_INTEREST, status__in=APPROVED_STATES)


def _numbers() -> Iterator[tuple[int, str]]:
    """The Alliance in numbers, as counted now; what is still nought is not shown."""
    found = _approved().aggregate(
        organizations=Count("organization", distinct=True),
        countries=Count("organization__country", distinct=True),
    )
    reports = Report.objects.published().count()
    if number := found["organizations"]:
        yield number, ngettext("approved organization", "approved organizations", number)
    if number := found["countries"]:
        yield number, ngettext("country", "countries", number)
    if reports:
        yield reports, ngettext("report in the library", "reports in the library", reports)
