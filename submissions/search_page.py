"""What was found for some words in all that is public: the best of each kind, and where the rest is."""

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
from knowledge.search.suggesting import suggestion
from submissions.board import lines as board
from submissions.directory.listing import drawn_rows
from submissions.forms.search import SearchForm
from submissions.models import PublicKind
from submissions.public.searching import best_of_each
from submissions.public.state import Present, present_of_all

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
# In the order of the page, which reports end: their passages take most room.
ENTRIES = {
    PublicKind.DEMAND: Source(
        "demands", _("Demands"), "demands", _("All %s demands"), _("More than %s demands")
    ),
    PublicKind.OFFER: Source(
        "offers", _("Offers"), "offers", _("All %s offers"), _("More than %s offers")
    ),
    PublicKind.ORGANIZATION: Source(
        "organizations",
        _("Organizations"),
        "directory:list",
        _("All %s organizations"),
        _("More than %s organizations"),
    ),
}


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
        return context | {"sources": [*ENTRIES.values(), REPORTS]}
    present = present_of_all()
    results = [*_entries(text, present), *_reports(text, present)]
    other = None if results else suggestion(Query(text), present.library, present.day)
    return context | {
        "results": results,
        "other": other.text if other else "",
        "other_address": _address("search", other.text) if other else "",
    }


def _entries(text: str, present: Present) -> Iterator[Results]:
    found = best_of_each(text, present.public, SHOWN)
    for kind, source in ENTRIES.items():
        best = found.get(kind)
        if best and best.rows:
            drawn = drawn_rows if kind == PublicKind.ORGANIZATION else board.drawn
            lines = drawn(best.rows)
            yield _results(source, text, best.total, lines, has_more=best.has_more)


def _reports(text: str, present: Present) -> Iterator[Results]:
    query = Query(text)
    found = find(query, present.library, present.day)
    if found.ids:
        lines = best_lines(query, found, SHOWN, present.library, present.day)
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
