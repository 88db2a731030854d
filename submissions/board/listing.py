"""What a list of the board shows, put together from what was found."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from alliance import vocabularies
from alliance.browsing import facets
from alliance.browsing.kept import kept
from alliance.browsing.paging import CountedPaginator
from submissions.board import lines
from submissions.board.wording import WORDINGS
from submissions.forms.board import BoardForm
from submissions.models import Kind
from submissions.public.addresses import LISTS, list_address
from submissions.public.asked import BEST, PublicQuery
from submissions.public.finding import MOST, Found, find
from submissions.public.rows import Row, page_of
from submissions.public.state import present


def list_page(form: BoardForm, kind: Kind) -> dict[str, Any]:
    """The context of a list. Raises TookTooLong."""
    query, state = form.query_of(kind), present()
    found = find(query, state)
    listed = CountedPaginator(min(found.total, MOST))
    page = listed.get_page(form.cleaned_data.get("page", 1))
    rows = page_of(query, found, page.number)
    return _of_query(form, query) | {
        "total": found.total,
        "has_more": found.has_more,
        "is_cut": found.has_more or found.total > MOST,
        "facets": _facets(query, found, state),
        "orders": [order for order in form.ORDERS if order[0] != BEST or query.text],
        "page": page,
        "drawn_entries": _entries(query, state, rows),
    }


def too_long_page(form: BoardForm, kind: Kind) -> dict[str, Any]:
    """The context of the list that could not be made in time: what was asked, and no rows."""
    return _of_query(form, form.query_of(kind)) | {"took_too_long": True, "total": 0}


def _of_query(form: BoardForm, query: PublicQuery) -> dict[str, Any]:
    kind = Kind(query.kind)
    path = list_address(kind)
    chosen = list(facets.chips(WORDINGS[kind].facets, query, path))
    return {
        "form": form,
        "query": query,
        "kind": kind,
        "wording": WORDINGS[kind],
        "list_url": path,
        "feed_route": f"{LISTS[kind]}_feed",
        "list_query": f"?{facets.address(path, query).partition('?')[2]}",
        "chips": chosen,
        "chosen_count": len(chosen),
    }


def _entries(query: PublicQuery, state: str, rows: list[Row]) -> SafeString:
    """The lines; those of a list without words are kept, for just these rows under these names."""
    if query.text:
        return lines.drawn(rows)
    shown = tuple((row.pk, row.organization) for row in rows)
    key = (state, "lines", shown, get_language(), vocabularies.stamp())
    return kept(key, lambda: lines.drawn(rows))


def _facets(query: PublicQuery, found: Found, state: str) -> SafeString:
    """The facets, drawn; kept for whoever turns the page."""
    return kept(
        (state, "facets", *query.key, get_language(), vocabularies.stamp()),
        lambda: facets.drawn(facets.boxes(WORDINGS[Kind(query.kind)].facets, query, found)),
    )
