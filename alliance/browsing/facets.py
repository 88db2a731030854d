"""The facets beside a list, and the choices made in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from alliance.browsing.asked import Query
from alliance.text import Text

OPTIONS_PER_FACET = 25


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list: how its codes are shown, and in which order.

    `sort_key` gets code, label and count; without one the most frequent come first.
    """

    name: str
    title: Text
    label: Callable[[str], str] = str
    is_open: bool = False
    sort_key: Callable[[tuple[str, str, int]], Any] | None = None


class Counted(Protocol):
    """How many each code of a facet would leave; nobody counted all for those in `uncounted`."""

    @property
    def facets(self) -> Mapping[str, Mapping[str, int]]: ...

    @property
    def uncounted(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Option:
    """One box of a facet; no count where not all of the list was counted."""

    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class FacetBox:
    """One facet with its boxes."""

    name: str
    title: Text
    options: list[Option]
    open: bool


def boxes(facets: Iterable[Facet], query: Query, found: Counted) -> list[FacetBox]:
    """The facets that have something to choose from."""
    made = []
    for facet in facets:
        chosen = query.chosen.get(facet.name, [])
        is_counted = facet.name not in found.uncounted
        counts = found.facets.get(facet.name, {})
        options = _options(facet, counts, chosen, is_counted=is_counted)
        if options:
            made.append(FacetBox(facet.name, facet.title, options, facet.is_open or bool(chosen)))
    return made


def drawn(boxes: Sequence[FacetBox]) -> SafeString:
    """The boxes as HTML; a template would take five times as long."""
    return mark_safe("".join(map(_drawn, boxes)))  # noqa: S308 - everything in it is escaped


def chips(facets: Iterable[Facet], query: Query, path: str) -> Iterator[tuple[str, str]]:
    """Each choice, with the address of the same list without it."""
    labels = {facet.name: facet.label for facet in facets}
    for name, codes in query.chosen.items():
        for code in codes:
            yield labels[name](code), address(path, query, without=(name, code))


def address(path: str, query: Query, without: tuple[str, str] | None = None) -> str:
    """The list at `path` that `query` asks for, from its first page."""
    pairs = [("q", query.text)] if query.text else []
    pairs += [
        (name, code)
        for name, codes in query.chosen.items()
        for code in codes
        if (name, code) != without
    ]
    pairs += [("sort", query.sort)] if query.sort else []
    return f"{path}?{urlencode(pairs)}"


def _options(
    facet: Facet, counts: Mapping[str, int], chosen: Sequence[str], *, is_counted: bool
) -> list[Option]:
    found = [
        (code, facet.label(code), n) for code, n in {**dict.fromkeys(chosen, 0), **counts}.items()
    ]
    found.sort(key=facet.sort_key or _most_first)
    return [
        Option(code, label, n if is_counted else None, code in chosen)
        for place, (code, label, n) in enumerate(found)
        if code in chosen or place < OPTIONS_PER_FACET
    ]


def _most_first(option: tuple[str, str, int]) -> tuple[int, str]:
    return -option[2], option[1]


def _drawn(facet: FacetBox) -> str:
    opened = " open" if facet.open else ""
    options = "".join(_drawn_option(facet.name, option) for option in facet.options)
    title = escape(facet.title)
    return f'<details class="facet"{opened}><summary>{title}</summary>{options}</details>'


def _drawn_option(name: str, option: Option) -> str:
    checked = " checked" if option.chosen else ""
    count = "" if option.count is None else f'<span class="n">{option.count}</span>'
    return (
        f'<label class="choice"><input type="checkbox" name="{name}" '
        f'value="{escape(option.value)}"{checked}><span>{escape(option.label)}</span>{count}</label>'
    )
