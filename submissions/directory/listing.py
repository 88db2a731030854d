"""What the directory shows, as a list and as a map of the same choice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.browsing import facets as list_facets
from alliance.browsing.facets import Facet
from alliance.browsing.kept import kept
from alliance.browsing.lines import drawn_line, goals_of
from alliance.browsing.paging import CountedPaginator
from alliance.browsing.terms import GOALS, REGIONS, country_name, term_facet
from alliance.vocabularies import GLOBAL, REGIONAL
from knowledge.search.passages import Piece, marked
from submissions.directory import world_map
from submissions.directory.asked import DirectoryQuery
from submissions.directory.entry import address_of
from submissions.directory.world_map import Dot
from submissions.forms.directory import DirectoryForm
from submissions.public.asked import BEST
from submissions.public.finding import MOST, Found, find
from submissions.public.rows import Row, page_of
from submissions.public.state import present


def place_name(code: str) -> str:
    """A country's name, or what an entity of a region or of the world is called."""
    entities = {REGIONAL: _("Regional entity"), GLOBAL: _("Global entity")}
    return entities.get(code) or country_name(code)


FACETS = (
    Facet("country", gettext_lazy("Country"), place_name, is_open=True),
    REGIONS,
    term_facet("category", gettext_lazy("Partner category"), "partner-category"),
    term_facet("theme", gettext_lazy("Theme")),
    GOALS,
)


def list_page(form: DirectoryForm) -> dict[str, Any]:
    """The context of the list. Raises TookTooLong."""
    query, state = form.query(), present()
    found = find(query, state)
    page = CountedPaginator(min(found.total, MOST)).get_page(form.cleaned_data.get("page", 1))
    rows = page_of(query, found, page.number)
    return {
        **_frame(form, query, found, state, is_map=False),
        "page": page,
        "is_cut": found.has_more or found.total > MOST,
        "rows": rows,
        "drawn_entries": _entries(query, state, rows),
    }


def map_page(form: DirectoryForm) -> dict[str, Any]:
    """The context of the map, and of the table with its numbers. Raises TookTooLong."""
    query, state = form.query(), present()
    found = find(query, state)
    drawn = kept(
        (state, "map", *query.key, *_reader()),
        lambda: _drawn_map(_dots(query, found.facets.get("country", {}))),
    )
    return {**_frame(form, query, found, state, is_map=True), "map": drawn}


def too_long_page(form: DirectoryForm, *, is_map: bool) -> dict[str, Any]:
    """The context of what could not be made in time: what was asked, and no rows."""
    query = form.query()
    return _frame(form, query, Found(), "", is_map=is_map) | {"took_too_long": True, "facets": ""}


def _frame(
    form: DirectoryForm, query: DirectoryQuery, found: Found, state: str, *, is_map: bool
) -> dict[str, Any]:
    """What list and map share: words, choices, counts, and the way to the other view."""
    views = [reverse("directory:list"), reverse("directory:map")]
    path = views[is_map]
    return {
        "form": form,
        "query": query,
        "is_map": is_map,
        "list_url": path,
        "views": [
            (list_facets.address(address, query), label, address == path)
            for address, label in zip(views, (_("List"), _("Map")), strict=True)
        ],
        "total": found.total,
        "has_more": found.has_more,
        "facets": _facets(query, found, state) if state else "",
        "chips": list(list_facets.chips(FACETS, query, path)),
        "chosen_count": sum(map(len, query.chosen.values())),
        "orders": [order for order in form.ORDERS if order[0] != BEST or query.text],
    }


def _reader() -> tuple[object, ...]:
    """What drawn parts depend on besides the entries: the reader's language, and our terms."""
    return get_language(), vocabularies.stamp()


def _facets(query: DirectoryQuery, found: Found, state: str) -> SafeString:
    """The facets, drawn; kept for whoever turns the page."""
    return kept(
        (state, "facets", *query.key, *_reader()),
        lambda: list_facets.drawn(list_facets.boxes(FACETS, query, found)),
    )


def _drawn_map(dots: list[Dot]) -> SafeString:
    """The map and its table; empty where there is nothing to show."""
    if not dots:
        return mark_safe("")
    context = {
        "map": world_map.drawn(dots, _("Organizations by country")),
        "dots": dots,
        "country_disclaimer": vocabularies.country_disclaimer(),
    }
    return render_to_string("submissions/organization_map.html", context)


def _dots(query: DirectoryQuery, counts: Mapping[str, int]) -> list[Dot]:
    """A dot for each country that has some, the most first; what has no country comes last."""
    chosen = query.chosen.get("country")
    numbers = {code: n for code, n in counts.items() if not chosen or code in chosen}
    dots = [_dot(query, code, number) for code, number in numbers.items()]
    return sorted(dots, key=lambda dot: (dot.country in (REGIONAL, GLOBAL), -dot.number, dot.name))


def _dot(query: DirectoryQuery, code: str, number: int) -> Dot:
    narrowed = replace(query, chosen={**query.chosen, "country": [code]})
    name = place_name(code)
    many = ngettext(
        "%(place)s: %(number)d organization", "%(place)s: %(number)d organizations", number
    )
    return Dot(
        country=code,
        name=name,
        number=number,
        address=list_facets.address(reverse("directory:list"), narrowed),
        label=many % {"place": name, "number": number},
    )


def _entries(query: DirectoryQuery, state: str, rows: list[Row]) -> SafeString:
    """The lines; those of a list without words are kept, for just these rows."""
    if query.text:
        return drawn_rows(rows)
    shown = tuple(row.pk for row in rows)
    return kept((state, "lines", shown, *_reader()), lambda: drawn_rows(rows))


def drawn_rows(rows: Sequence[Row]) -> SafeString:
    """The lines of organizations, with the words that were looked for marked."""
    label = _("Sustainable Development Goals")
    # Everything in them is escaped.
    return mark_safe("".join([_drawn_row(row, label) for row in rows]))  # noqa: S308


def _drawn_row(row: Row, goals_label: str) -> str:
    card = row.card
    title, excerpt = (
        _pieces(marked(text, card["config"], places)) if places else escape(text)
        for text, places in zip((row.title, card["excerpt"]), row.marked, strict=True)
    )
    return drawn_line(
        url=address_of(row.organization_id, row.slug),
        title=title,
        meta=[place_name(card["country"]), vocabularies.label("organization-type", card["type"])],
        text=f'<p dir="auto">{excerpt}</p>' if excerpt else "",
        goals=goals_of(card["goals"]),
        goals_label=goals_label,
    )


def _pieces(pieces: list[Piece]) -> str:
    return "".join(
        [f"<mark>{escape(p.text)}</mark>" if p.is_marked else escape(p.text) for p in pieces]
    )
