"""What the library's list shows, and what lists and pages say of a report alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from alliance import vocabularies
from alliance.models import Term
from alliance.widgets import goal_number
from knowledge import search
from knowledge.forms import LibraryForm
from knowledge.models import Edition, Report
from knowledge.models.edition import LANGUAGES

PER_PAGE = 20
OPTIONS_PER_FACET = 25
OPEN_FACETS = {"theme", "region", "publisher", "year"}
LANGUAGE_NAMES = dict(LANGUAGES)


@dataclass(frozen=True)
class Option:
    """One box of a facet."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetBox:
    """One facet with its boxes."""

    name: str
    title: str
    options: list[Option]
    open: bool


class CountedPaginator(Paginator):
    """A paginator that was told how many rows there are."""

    def __init__(self, rows: Any, total: int) -> None:
        super().__init__(rows, PER_PAGE)
        self.total = total

    @cached_property
    def count(self) -> int:
        return self.total


def list_page(form: LibraryForm) -> dict[str, Any]:
    """The context of the library's list."""
    query = form.query()
    counts = search.count(query)
    rows = search.matching(query).with_codes().with_editions()
    page = CountedPaginator(rows, counts.total).get_page(form.cleaned_data.get("page", 1))
    languages = query.chosen.get("language", [])
    return {
        "form": form,
        "query": query,
        "total": counts.total,
        "facets": _facets(query, counts),
        "chips": list(_chips(query)),
        "chosen_count": sum(len(codes) for codes in query.chosen.values()),
        "orders": [order for order in form.ORDERS if order[0] != search.BEST or query.text],
        "page": page,
        "entries": [_entry(report, languages) for report in page],
    }


def edition_in(report: Report, languages: Sequence[str]) -> Edition | None:
    """The edition in one of `languages`, else in the reader's, else the original; None if none."""
    editions = {edition.language: edition for edition in report.editions.all()}
    wanted = [*languages, (get_language() or "").split("-")[0], *editions]
    return next((editions[language] for language in wanted if language in editions), None)


def _entry(report: Report, languages: Sequence[str]) -> dict[str, Any]:
    edition = edition_in(report, languages)
    file = edition.current_file if edition else None
    pages = file.page_count if file else None
    names = [LANGUAGE_NAMES.get(e.language, e.language) for e in report.editions.all()]
    meta = [
        report.publisher,
        str(report.year or ""),
        ", ".join(names),
        ngettext("%(n)d page", "%(n)d pages", pages) % {"n": pages} if pages else "",
    ]
    return {
        "url": report.get_absolute_url(),
        "title": edition.title if edition else report.title,
        "meta": [fact for fact in meta if fact],
        "text": edition.summary if edition else "",
        "goals": goals_of(report),
    }


def goals_of(report: Report) -> list[Term]:
    """The Sustainable Development Goals that `with_codes` brought."""
    terms = (vocabularies.term("sdg", code) for code in report.goal_codes)
    return [term for term in terms if term is not None]


def country_name(code: str) -> str:
    country = vocabularies.country(code)
    return country.name if country else code


def _label(facet: str, code: str) -> str:
    """How a code of a facet is shown; a code that means nothing stands for itself."""
    if facet in {"theme", "region"}:
        return vocabularies.label(facet, code)
    if facet == "sdg":
        term = vocabularies.term(facet, code)
        return f"{goal_number(code)} {term.label}" if term else code
    if facet == "country":
        return country_name(code)
    if facet == "language":
        return LANGUAGE_NAMES.get(code, code)
    return code


def _facets(query: search.Query, counts: search.Counts) -> list[FacetBox]:
    titles = {
        "theme": _("Theme"),
        "region": _("Region"),
        "country": _("Country"),
        "sdg": _("SDG"),
        "publisher": _("Publisher"),
        "year": _("Year"),
        "language": _("Language"),
    }
    boxes = []
    for name in search.FACETS:
        chosen = query.chosen.get(name, [])
        options = _options(name, counts.facets[name], chosen)
        if options:
            is_open = name in OPEN_FACETS or bool(chosen)
            boxes.append(FacetBox(name, titles[name], options, is_open))
    return boxes


def _options(facet: str, counts: dict[str, int], chosen: Sequence[str]) -> list[Option]:
    """The boxes of a facet: years from the newest, goals by number, the rest by how many."""
    options = [
        Option(code, _label(facet, code), n, code in chosen)
        for code, n in (dict.fromkeys(chosen, 0) | counts).items()
    ]
    if facet == "year":
        options.sort(key=lambda option: option.value, reverse=True)
    elif facet == "sdg":
        options.sort(key=lambda option: option.value)
    else:
        options.sort(key=lambda option: (-option.count, option.label))
    return [
        option for place, option in enumerate(options) if option.chosen or place < OPTIONS_PER_FACET
    ]


def _chips(query: search.Query) -> Iterable[tuple[str, str]]:
    """Each choice, with the address of the same list without it."""
    for name, codes in query.chosen.items():
        for code in codes:
            yield _label(name, code), _address(query, without=(name, code))


def _address(query: search.Query, without: tuple[str, str]) -> str:
    pairs = [("q", query.text)] if query.text else []
    pairs += [
        (name, code)
        for name, codes in query.chosen.items()
        for code in codes
        if (name, code) != without
    ]
    pairs += [("sort", query.sort)] if query.sort else []
    return f"{reverse('library:list')}?{urlencode(pairs)}"
