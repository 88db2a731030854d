"""How many cases came, what became of them and how long it took: by month, and by year.

Months and years are those of the portal's time zone.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import (
    Aggregate,
    CharField,
    Count,
    DurationField,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.text import Text
from submissions.models import Decision, Submission

MONTHS = 12

# Month, group and number.
ByMonth = dict[str, list[int]]


class Percentile(Aggregate):
    """A share of the values lies at or below it, between two of them in proportion."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), **extra)


def last_months(today: date) -> list[date]:
    """The first days of the month of `today` and of the eleven before it, oldest first."""
    number = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(number - 11, number + 1)]


def received_by_month(months: list[date]) -> ByMonth:
    """How many came in each of the months, by kind."""
    came = Submission.objects.received().filter(submitted_at__gte=_start(months[0]))
    return _by_month(came, "submitted_at", "kind", months)


def decided_by_month(months: list[date]) -> ByMonth:
    """How many decisions were published in each of the months, by outcome."""
    published = Decision.objects.filter(published_at__gte=_start(months[0]))
    return _by_month(published, "published_at", "outcome", months)


def _by_month(rows: QuerySet[Any], moment: str, group: str, months: list[date]) -> ByMonth:
    places = {month: number for number, month in enumerate(months)}
    found: ByMonth = defaultdict(lambda: [0] * len(months))
    counted = rows.annotate(month=TruncMonth(moment)).values_list("month", group)
    for month, name, number in counted.annotate(number=Count("pk")).order_by():
        place = places.get(timezone.localdate(month))
        if place is not None:
            found[name][place] = number
    return dict(found)


def days_to_decision(months: list[date]) -> tuple[list[float | None], list[float | None]]:
    """From receipt to the first published decision, in days: the median, and the 90th percentile.

    By the month of the decision; None for one without any.
    """
    earlier = Decision.objects.filter(
        submission=OuterRef("submission"), published_at__lt=OuterRef("published_at")
    )
    first = Decision.objects.filter(~Exists(earlier), published_at__gte=_start(months[0]))
    taken = F("published_at") - F("submission__submitted_at")
    rows = (
        first.annotate(month=TruncMonth("published_at"))
        .values("month")
        .annotate(median=Percentile(taken, share=0.5), most=Percentile(taken, share=0.9))
        .order_by()
    )
    by_month = {timezone.localdate(row["month"]): row for row in rows}
    return _days(by_month, "median", months), _days(by_month, "most", months)


def _days(by_month: dict[date, Any], name: str, months: Iterable[date]) -> list[float | None]:
    return [
        round(by_month[month][name].total_seconds() / 86_400, 1) if month in by_month else None
        for month in months
    ]


class YearRow(NamedTuple):
    """One term of a vocabulary, with how many cases in a year."""

    label: str
    received: int
    approved: int
    published: int
    declined: int


class YearTable(NamedTuple):
    title: Text
    rows: list[YearRow]


# What a year is told by: the heading, the column of a case, the vocabulary of its codes.
_GROUPS: tuple[tuple[Text, str, str], ...] = (
    (_("Region"), "region", "region"),
    (_("Theme"), "themes", "theme"),
    (_("Sustainable Development Goal"), "sdgs", "sdg"),
    (_("Partner category"), "partner_category", "partner-category"),
)
_LISTS = frozenset({"themes", "sdgs"})
# The outcomes of decisions, by the column in which they count.
_OUTCOMES = {
    "approved": (Decision.Outcome.APPROVE, Decision.Outcome.APPROVE_WITH_CONDITIONS),
    "published": (Decision.Outcome.PUBLISH,),
    "declined": (Decision.Outcome.DECLINE, Decision.Outcome.FIND_INELIGIBLE),
}


def years() -> list[int]:
    """From the first year in which something came to this one, newest first."""
    first = Submission.objects.received().aggregate(first=Min("submitted_at"))["first"]
    this_year = timezone.localdate().year
    return list(range(this_year, (timezone.localdate(first).year if first else this_year) - 1, -1))


def year_tables(year: int) -> list[YearTable]:
    """What came and what was decided in a year, by region, theme, goal and partner category.

    A case counts once in each column and row; one with several themes or goals in the row of
    each. Two queries for each table.
    """
    return [
        YearTable(title, _year_rows(year, column, vocabulary))
        for title, column, vocabulary in _GROUPS
    ]


def _year_rows(year: int, column: str, vocabulary: str) -> list[YearRow]:
    span = (_start(date(year, 1, 1)), _start(date(year + 1, 1, 1)))
    came = Submission.objects.received().filter(submitted_at__gte=span[0], submitted_at__lt=span[1])
    decided = Decision.objects.filter(published_at__gte=span[0], published_at__lt=span[1])
    received = _by_code(came, column, received=Count("pk"))
    outcomes = _by_code(
        decided,
        f"submission__{column}",
        **{
            name: Count("submission", filter=Q(outcome__in=wanted), distinct=True)
            for name, wanted in _OUTCOMES.items()
        },
    )
    known = [code for code, _label in vocabularies.choices(vocabulary)]
    # Codes that were retired stay countable; the empty one is of kinds that do not say.
    codes = [*known, *sorted((received.keys() | outcomes.keys()) - {*known, ""})]
    if "" in received or "" in outcomes:
        codes.append("")
    return [
        YearRow(
            vocabularies.label(vocabulary, code) if code else gettext("Not stated"),
            received.get(code, {}).get("received", 0),
            *(outcomes.get(code, {}).get(name, 0) for name in _OUTCOMES),
        )
        for code in codes
    ]


def _by_code(rows: QuerySet[Any], column: str, **counts: Count) -> dict[str, dict[str, int]]:
    """The counts by the code in a column, or by each code of a column that holds several."""
    is_list = column.rpartition("__")[2] in _LISTS
    code = Func(F(column), function="unnest", output_field=CharField()) if is_list else F(column)
    found = rows.annotate(code=code).values("code").annotate(**counts).order_by()
    return {row.pop("code") or "": row for row in found}


def _start(day: date) -> datetime:
    """The first moment of a day in the portal's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
