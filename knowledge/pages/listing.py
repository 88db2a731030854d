"""What the library's list shows, put together from what the search found."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from alliance import vocabularies
from alliance.browsing.facets import address, boxes, chips
from alliance.browsing.facets import drawn as drawn_facets
from alliance.browsing.kept import kept
from alliance.browsing.paging import CountedPaginator
from knowledge.forms import LibraryForm
from knowledge.pages import entries as list_entries
from knowledge.pages.entries import Entry
from knowledge.pages.wording import FACETS
from knowledge.search import BEST, Found, Query
from knowledge.search.finding import asked_words, find
from knowledge.search.listing import Row, rows_of
from knowledge.search.passages import Marked, passages
from knowledge.search.state import present
from knowledge.search.suggesting import suggestion

# So few results may come from a slip of the finger.
_FEW = 2


class Lines(NamedTuple):
    """The lines of one page of the list, and how they look."""

    entries: list[Entry]
    drawn: SafeString


def list_page(form: LibraryForm) -> dict[str, Any]:
    """The context of the library's list. Raises TookTooLong."""
    state, day = present()
    query = shown = form.query()
    found = find(query, state, day)
    other = None
    if query.text and found.total <= _FEW:
        other = suggestion(query, state, day)
        if other is not None and not found.ids:
            shown, found = other, find(other, state, day)
    page = CountedPaginator(found.total).get_page(form.cleaned_data.get("page", 1))
    lines = _lines(shown, found, page.number, state, day)
    return {
        "form": form,
        "query": query,
        "list_url": reverse("library:list"),
        "shown": shown,
        "other": other,
        "other_address": _address(other) if other else "",
        "list_query": _list_query(shown),
        "total": found.total,
        "has_more": found.has_more,
        "facets": _facets(shown, found, state),
        "chips": _chips(query),
        "chosen_count": sum(len(codes) for codes in query.chosen.values()),
        "orders": [order for order in form.ORDERS if order[0] != BEST or query.text],
        "page": page,
        "entries": lines.entries,
        "drawn_entries": lines.drawn,
    }


def _lines(query: Query, found: Found, number: int, state: str, day: datetime.date) -> Lines:
    """The lines of a page; those of a list without words are kept, as many ask for them."""

    def make() -> Lines:
        return _drawn(query, rows_of(query, found, number, day), _back(query, number), state, day)

    if query.text:
        return make()
    return kept((state, "lines", *query.key, number, *_reader()), make)


def best_lines(query: Query, found: Found, most: int, state: str, day: datetime.date) -> SafeString:
    """The first lines of what was found for words, drawn. Raises TookTooLong."""
    rows = rows_of(query, replace(found, ids=found.ids[:most]), 1, day)
    return _drawn(query, rows, "", state, day).drawn


def _drawn(query: Query, rows: Sequence[Row], back: str, state: str, day: datetime.date) -> Lines:
    entries = [list_entries.entry(row, query.chosen.get("language", [])) for row in rows]
    marks: dict[int, Marked] = {}
    if query.text:
        titles = [(entry.pk, entry.language, entry.title) for entry in entries]
        marks = passages(asked_words(query, state, day), titles)
    return Lines(entries, list_entries.drawn(entries, marks, query.text, back))


def _reader() -> tuple[object, ...]:
    """What a drawn list depends on besides the library: the reader's language, and our terms."""
    return get_language(), vocabularies.stamp()


def _back(query: Query, number: int) -> str:
    """The address of this page of the list; empty where its words alone say it."""
    if number == 1 and not query.chosen and not query.sort:
        return ""
    whole = _address(query)
    return f"{whole}&page={number}" if number > 1 else whole


def _facets(query: Query, found: Found, state: str) -> SafeString:
    """The facets, drawn; kept for whoever turns the page."""
    return kept(
        (state, "facets", *query.key, *_reader()),
        lambda: drawn_facets(boxes(FACETS, query, found)),
    )


def too_long_page(form: LibraryForm) -> dict[str, Any]:
    """The context of the list that could not be made in time: what was asked, and no rows."""
    query = form.query()
    return {
        "form": form,
        "query": query,
        "list_url": reverse("library:list"),
        "took_too_long": True,
        "list_query": _list_query(query),
        "chips": _chips(query),
        "total": 0,
    }


def _chips(query: Query) -> list[tuple[str, str]]:
    return list(chips(FACETS, query, reverse("library:list")))


def _address(query: Query) -> str:
    return address(reverse("library:list"), query)


def _list_query(query: Query) -> str:
    """The query string by which an alert and the feed know this list."""
    return f"?{_address(query).partition('?')[2]}"
