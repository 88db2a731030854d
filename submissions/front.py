"""The first page below the head: what is new, and the Alliance in numbers.

It is drawn once for each state of what it shows, and kept in the process for whoever comes next.
"""

import datetime
import time
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.browsing.forms import TEXT_LENGTH
from alliance.browsing.kept import kept
from alliance.models import Term
from knowledge.pages.entries import entry
from knowledge.search import Query, TookTooLong
from knowledge.search.finding import find
from knowledge.search.listing import Row, rows_of
from knowledge.search.state import present
from submissions.models import Submission
from submissions.workflow import APPROVED_STATES

NEWEST = 3
EXCERPT_WORDS = 36
# Approvals are counted once in so many seconds: they change the page, and no list.
COUNTED_FOR = 60

# A figure, and what it counts.
Number = tuple[int, str]


class Line(NamedTuple):
    """What `components/entry.html` shows of one entry."""

    url: str
    title: str
    meta: list[str]
    text: str
    goals: list[Term]


class Column(NamedTuple):
    """The newest of one kind; `more` leads to the whole list at `address`."""

    title: str
    address: str
    more: str
    lines: list[Line]


def drawn(*, is_member: bool) -> SafeString:
    """What stands below the search, for visitors or for whoever is logged in.

    Two small queries where nothing has changed.
    """
    state, day = present()
    minute = int(time.time() / COUNTED_FOR)
    key = (state, "front", is_member, minute, get_language(), vocabularies.stamp())
    try:
        return kept(key, lambda: _draw(*_news(state, day), is_member=is_member))
    except TookTooLong:
        # Search and doors are more than nothing.
        return _draw([], [], is_member=is_member)


def _draw(columns: list[Column], numbers: list[Number], *, is_member: bool) -> SafeString:
    context = {
        "is_member": is_member,
        "longest": TEXT_LENGTH,
        "columns": [column for column in columns if column.lines],
        # One figure alone says little and looks lost.
        "numbers": numbers if len(numbers) > 1 else [],
    }
    return render_to_string("submissions/front.html", context)


def _news(state: str, day: datetime.date) -> tuple[list[Column], list[Number]]:
    """What is new, and the numbers. Raises TookTooLong."""
    library = find(Query(), state, day)
    newest = [_report(row) for row in rows_of(Query(), library, 1, day)[:NEWEST]]
    reports = Column(_("Reports"), reverse("library:list"), _("Library"), newest)
    return [reports], list(_numbers(library.total))


def _report(row: Row) -> Line:
    """A report by its publisher and year; the list says more."""
    shown = entry(row, [])
    facts = [str(fact) for fact in (row.card["publisher"], row.card["year"]) if fact]
    text = Truncator(shown.text).words(EXCERPT_WORDS)
    return Line(shown.url, shown.title, facts, text, shown.goals)


def _numbers(reports: int) -> Iterator[Number]:
    """The Alliance in numbers; what is still nought is not shown."""
    approved = Submission.objects.applications().filter(status__in=APPROVED_STATES).cleared()
    found = approved.aggregate(
        organizations=Count("organization", distinct=True),
        countries=Count("organization__country", distinct=True),
    )
    if number := found["organizations"]:
        yield number, ngettext("approved organization", "approved organizations", number)
    if number := found["countries"]:
        yield number, ngettext("country or area", "countries and areas", number)
    if reports:
        yield reports, ngettext("report in the library", "reports in the library", reports)
