"""The rows of one page of the list, from the index alone."""

import datetime
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from alliance.browsing.paging import PER_PAGE
from knowledge.models import IndexEntry, Report
from knowledge.models.report import ReportQuerySet
from knowledge.search.asked import TITLE, Query
from knowledge.search.asking import ask
from knowledge.search.finding import Found, conditions, find, values_of, which_of
from knowledge.search.state import present

_ENTRIES = IndexEntry._meta.db_table
# Only names of our own are put into the text.
_OF_IDS = f"SELECT report_id, card::text FROM {_ENTRIES} WHERE report_id = ANY(%(ids)s)"  # noqa: S608
# Each order, and the same from its end.
_BY_TITLE = ("title_key, report_id", "title_key DESC, report_id DESC")
_NEWEST = ("year DESC NULLS LAST, report_id DESC", "year NULLS FIRST, report_id")
# Rows that are passed over are counted in the index alone.
_IN_ORDER = f"""
SELECT report_id, card::text FROM {_ENTRIES} WHERE report_id IN (
    SELECT report_id FROM {_ENTRIES} WHERE {{conditions}}
    ORDER BY {{nearer}} OFFSET %(passed)s LIMIT %(rows)s
) ORDER BY {{order}}"""  # noqa: S608 - names of our own


class Row(NamedTuple):
    """A report with its card (see `knowledge.indexing.entries`)."""

    pk: int
    card: dict[str, Any]


def rows_of(query: Query, found: Found, number: int, day: datetime.date) -> list[Row]:
    """The rows of the page of that number, in one question. Raises TookTooLong.

    The last pages of a list without words are looked for from its end: they cost as the first do.
    """
    first = (number - 1) * PER_PAGE
    if query.text:
        ids = found.ids[first : first + PER_PAGE]
        cards = dict(ask(_OF_IDS, {"ids": ids})) if ids else {}
        return [Row(pk, json.loads(cards[pk])) for pk in ids if pk in cards]
    order, backwards = _BY_TITLE if query.order == TITLE else _NEWEST
    rows = max(0, min(PER_PAGE, found.total - first))
    behind = found.total - first - rows
    nearer, passed = (order, first) if first <= behind else (backwards, behind)
    sql = _IN_ORDER.format(conditions=conditions(query), nearer=nearer, order=order)
    values = values_of(query, day) | {"passed": passed, "rows": rows}
    return [Row(pk, json.loads(card)) for pk, card in ask(sql, values)]


def matching(query: Query, among: Sequence[int] | None = None) -> ReportQuerySet:
    """The published reports that `query` selects, in its order; with words at most a thousand.

    Given the numbers of some reports, it is all of these that fit. For whoever needs whole
    reports, as feeds do. Raises TookTooLong.
    """
    state, day = present()
    reports = Report.objects.published(day)
    if among is not None:
        reports = reports.filter(pk__in=which_of(query, among, state, day) if query.text else among)
    elif query.text:
        reports = reports.filter(pk__in=find(query, state, day).ids)
    for name, codes in query.chosen.items():
        if codes:
            tagged = [f"{name}:{code}" for code in codes]
            reports = reports.filter(index_entry__facets__overlap=tagged)
    if query.order == TITLE:
        return reports.order_by("index_entry__title_key", "pk")
    return reports.newest_first()
