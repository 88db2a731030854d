"""What was found for some words in all that is public: the best of each kind, and where the rest is."""

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from knowledge.pages.listing import best_lines
from knowledge.search import Query
from knowledge.search.finding import find
from knowledge.search.state import present
from knowledge.search.suggesting import suggestion
from submissions.forms.search import SearchForm

SHOWN = 5


class Source(NamedTuple):
    """One kind of what is public, with the list that has all of it."""

    name: str
    title: Text
    route: str
    # The link to the list, with the number of what is there; the second where nobody counted on.
    all: Text
    more: Text


REPORTS = Source(
    "reports", _("Reports"), "library:list", _("All %s reports"), _("More than %s reports")
)


class Results(NamedTuple):
    """What was found of one kind: how many, and the lines of the best."""

    source: Source
    # As in "37" or "1,000+".
    number: str
    # Where the rest is; empty where all are shown.
    address: str
    link: str
    lines: SafeString


def search_page(form: SearchForm) -> dict[str, Any]:
    """The context of the page. Raises TookTooLong."""
    text = form.words()
    context: dict[str, Any] = {"form": form, "text": text}
    if not text:
        return context
    state, day = present()
    results = list(_reports(text, state, day))
    other = None if results else suggestion(Query(text), state, day)
    return context | {
        "results": results,
        "other": other.text if other else "",
        "other_address": _address("search", other.text) if other else "",
    }


def _reports(text: str, state: str, day: datetime.date) -> Iterator[Results]:
    query = Query(text)
    found = find(query, state, day)
    if found.ids:
        lines = best_lines(query, found, SHOWN, state, day)
        yield _results(REPORTS, text, found.total, lines, has_more=found.has_more)


def _results(
    source: Source, text: str, total: int, lines: SafeString, *, has_more: bool
) -> Results:
    number = number_format(total, force_grouping=True)
    return Results(
        source=source,
        number=f"{number}+" if has_more else number,
        address=_address(source.route, text) if total > SHOWN else "",
        link=str(source.more if has_more else source.all) % number,
        lines=lines,
    )


def _address(route: str, text: str) -> str:
    return f"{reverse(route)}?{urlencode({'q': text})}"
