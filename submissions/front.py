"""The first page: search and doors, what is new, and the Alliance in numbers.

It is drawn once for each state of what it shows, and kept in the process for whoever comes next.
Whether the organizations of what is new are still cleared is asked with every request.
"""

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.browsing.forms import TEXT_LENGTH
from alliance.browsing.kept import kept
from alliance.browsing.lines import goals_of
from alliance.models import Term
from alliance.text import Text
from knowledge.pages.entries import entry
from knowledge.search import Query
from knowledge.search import finding as library
from knowledge.search import listing as library_list
from submissions.board.lines import row_address
from submissions.board.wording import WORDINGS, place_name
from submissions.models import Kind, Submission
from submissions.public import finding
from submissions.public.addresses import list_address
from submissions.public.asked import PublicQuery
from submissions.public.rows import Row, in_order, of_ids
from submissions.public.state import Present, present_of_all
from submissions.workflow import APPROVED_STATES

NEWEST = 3
# Some may have lost their clearance since: the next ones then take their place.
_CANDIDATES = 2 * NEWEST
EXCERPT_WORDS = 36
# Approvals are counted once in so many seconds: they change the page, and no list.
COUNTED_FOR = 60

# A figure, and what it counts.
Number = tuple[int, str]


class Line(NamedTuple):
    """What `components/entry.html` shows of one entry."""

    url: str
    title: str
    language: str
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
    """The page, for visitors or for whoever is logged in; two queries where nothing has changed.

    Raises TookTooLong.
    """
    present = present_of_all()
    minute = int(time.time() / COUNTED_FOR)
    rows = _newest_rows(present)
    live = tuple((row.pk, row.organization) for row in rows)
    key = (present, "front", is_member, live, minute, get_language(), vocabularies.stamp())
    return kept(key, lambda: _draw(*_news(present, rows), is_member=is_member))


def without_news(*, is_member: bool) -> SafeString:
    """Search and doors alone, which are more than nothing."""
    return _draw([], [], is_member=is_member)


def _draw(columns: Sequence[Column], numbers: Sequence[Number], *, is_member: bool) -> SafeString:
    context = {
        "is_member": is_member,
        "longest": TEXT_LENGTH,
        "columns": [column for column in columns if column.lines],
        # One figure alone says little and looks lost.
        "numbers": numbers if len(numbers) > 1 else [],
    }
    return render_to_string("submissions/front.html", context)


def _newest_rows(present: Present) -> list[Row]:
    """The newest Demands and Offers of whoever is cleared now. Raises TookTooLong."""
    ids = kept(
        (present.public, "newest"),
        lambda: [
            row.pk
            for kind in WORDINGS
            for row in in_order(PublicQuery(kind=kind), rows=_CANDIDATES)
        ],
    )
    rows = of_ids(ids)
    return [row for kind in WORDINGS for row in _of_kind(rows, kind)]


def _of_kind(rows: Sequence[Row], kind: Kind) -> list[Row]:
    return [row for row in rows if row.kind == kind][:NEWEST]


def _news(present: Present, rows: Sequence[Row]) -> tuple[list[Column], list[Number]]:
    """What is new, and the numbers. Raises TookTooLong."""
    reports = library.find(Query(), present.library, present.day)
    counts = {kind: finding.find(PublicQuery(kind=kind), present.public).total for kind in WORDINGS}
    columns = [
        Column(
            title=str(wording.title),
            address=list_address(kind),
            more=_all(counts[kind], wording.title),
            lines=[_item(row) for row in _of_kind(rows, kind)],
        )
        for kind, wording in WORDINGS.items()
    ]
    listed = library_list.rows_of(Query(), reports, 1, present.day)[:NEWEST]
    lines = [_report(row) for row in listed]
    columns.append(Column(_("Reports"), reverse("library:list"), _("Library"), lines))
    return columns, list(_numbers(counts, reports.total))


def _all(number: int, title: Text) -> SafeString:
    """As in "All 31"; a screen reader, which reads links by themselves, says of what."""
    words = _("All %(number)s") % {"number": number_format(number, force_grouping=True)}
    return format_html('{}<span class="vh"> {}</span>', words, title)


def _item(row: Row) -> Line:
    """A Demand or Offer by its place and day; the list says more."""
    return Line(
        url=row_address(row),
        title=row.title,
        language=_unless_ours(row.card["language"]),
        meta=[
            place_name(row.card["country"], row.organization),
            date_format(row.since.date(), "SHORT_DATE_FORMAT"),
        ],
        text=row.card["excerpt"],
        goals=goals_of(row.card["goals"]),
    )


def _report(row: library_list.Row) -> Line:
    """A report by its publisher and year."""
    shown = entry(row, [])
    facts = [str(fact) for fact in (row.card["publisher"], row.card["year"]) if fact]
    text = Truncator(shown.text).words(EXCERPT_WORDS)
    return Line(shown.url, shown.title, _unless_ours(shown.language), facts, text, shown.goals)


def _unless_ours(language: str) -> str:
    return "" if language == get_language() else language


def _numbers(published: dict[Kind, int], reports: int) -> Iterator[Number]:
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
    if number := published[Kind.DEMAND]:
        yield number, ngettext("open demand", "open demands", number)
    if number := published[Kind.OFFER]:
        yield number, ngettext("open offer", "open offers", number)
    if reports:
        yield reports, ngettext("report in the library", "reports in the library", reports)
