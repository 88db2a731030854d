"""The library's list: what a query selects, in which order, and how many each facet has."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from knowledge.models import Edition, Report
from knowledge.models.edition import SEARCH_CONFIG
from knowledge.models.report import ReportQuerySet

BEST, NEWEST, TITLE = "best", "newest", "title"


@dataclass(frozen=True)
class Facet:
    """`lookup` leads from a report to its codes, `holders` to the reports of some codes.

    Reports are looked up in a query of their own: a join would list them once per code.
    """

    lookup: str
    holders: Callable[[list[str]], Q]


# In the order of the page.
FACETS = {
    "theme": Facet(
        "themes__code",
        lambda codes: _among(Report.themes.through.objects.filter(term__code__in=codes)),
    ),
    "region": Facet(
        "regions__code",
        lambda codes: _among(Report.regions.through.objects.filter(term__code__in=codes)),
    ),
    "country": Facet(
        "countries",
        lambda codes: _among(Report.countries.through.objects.filter(country_id__in=codes)),
    ),
    "sdg": Facet(
        "sdgs__code",
        lambda codes: _among(Report.sdgs.through.objects.filter(term__code__in=codes)),
    ),
    "publisher": Facet("publisher", lambda codes: Q(publisher__in=codes)),
    "year": Facet("year", lambda codes: Q(year__in=codes)),
    "language": Facet(
        "editions__language", lambda codes: _among(Edition.objects.filter(language__in=codes))
    ),
}
_TOTAL = "total"


def _among(rows: QuerySet) -> Q:
    return Q(pk__in=rows.order_by().values("report_id"))


@dataclass(frozen=True)
class Query:
    """What a reader asked for; `chosen` maps a facet to its codes, of which one is enough."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    sort: str = ""

    @property
    def order(self) -> str:
        """The order asked for; by default the best match first where there are words to match."""
        if self.sort in {NEWEST, TITLE}:
            return self.sort
        return BEST if self.text else NEWEST


@dataclass(frozen=True)
class Counts:
    """How many reports there are, in all and for each code of each facet."""

    total: int
    facets: dict[str, dict[str, int]]


def matching(query: Query) -> ReportQuerySet:
    """The published reports that `query` selects, in its order."""
    reports = _selected(query)
    if query.order == TITLE:
        return reports.order_by("title", "pk")
    if query.order == BEST:
        return reports.annotate(rank=_rank(query.text)).order_by("-rank", "-pk")
    return reports.newest_first()


def count(query: Query) -> Counts:
    """Count them, in one query to the database.

    A facet's own choice does not narrow its own counts: they say what another choice would show.
    """
    whole = _counted(_selected(query), _TOTAL, Value(""))
    arms = [
        _counted(
            _selected(query, leaving_out=name).filter(**{f"{facet.lookup}__isnull": False}),
            name,
            Cast(facet.lookup, CharField()),
        )
        for name, facet in FACETS.items()
    ]
    total = 0
    facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for name, code, n in whole.union(*arms, all=True):
        if name == _TOTAL:
            total = n
        else:
            facets[name][code] = n
    return Counts(total, facets)


def related(report: Report, limit: int = 3) -> QuerySet[Report]:
    """Published reports to read next: those that editors named, then those that share themes."""
    named = Report.related.through.objects.filter(from_report_id=report.pk)
    themes = Report.themes.through.objects.filter(report_id=report.pk).values("term_id")
    alike = Report.themes.through.objects.filter(term_id__in=themes)
    return (
        Report.objects.published()
        .exclude(pk=report.pk)
        .filter(Q(pk__in=named.values("to_report_id")) | _among(alike))
        .annotate(
            is_named=Exists(named.filter(to_report_id=OuterRef("pk"))),
            shared=Count("themes", filter=Q(themes__in=themes)),
        )
        .order_by("-is_named", "-shared", "-pk")[:limit]
    )


def _selected(query: Query, leaving_out: str = "") -> ReportQuerySet:
    reports = Report.objects.published()
    if query.text:
        reports = reports.filter(_among(Edition.objects.filter(search=_words(query.text))))
    for name, codes in query.chosen.items():
        if codes and name != leaving_out:
            reports = reports.filter(FACETS[name].holders(codes))
    return reports


def _counted(reports: ReportQuerySet, name: str, code: Value | Cast) -> QuerySet:
    """Rows of facet, code and number."""
    return (
        reports.order_by()
        .values(facet=Value(name), code=code)
        .annotate(n=Count("pk"))
        .values_list("facet", "code", "n")
    )


def _words(text: str) -> SearchQuery:
    """What was typed, as search engines read it: quotes, minus and `or`; nothing is an error."""
    return SearchQuery(text, search_type="websearch", config=SEARCH_CONFIG)


def _rank(text: str) -> Subquery:
    """How well the report's best edition matches."""
    words = _words(text)
    return Subquery(
        Edition.objects.filter(report_id=OuterRef("pk"), search=words)
        .annotate(rank=SearchRank(F("search"), words))
        .order_by("-rank")
        .values("rank")[:1]
    )
