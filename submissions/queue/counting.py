"""How many cases stand under each tab, and how many each choice of a filter would leave.

A count that respects all other filters has to look at every row. Up to `CAP` rows that is done
for each page. Above it the counts are kept for a minute, and a number says no more than "1,000+".
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from organizations.models import DueDiligence, Hit
from organizations.workflow import HIT_OPEN
from submissions.queue.asked import Asked
from submissions.queue.facets import FACETS
from submissions.queue.selection import Reach

CAP = 1000
_KEPT_FOR = 60  # seconds
_BASE = "+base"
# The tab that holds everything ever received says nothing by its number.
_UNCOUNTED = "all"

_COLUMNS = (
    "kind",
    "status",
    "assignee_id",
    "region",
    "country_id",
    "partner_category",
    "sdgs",
    "themes",
    "organization_id",
)
# The rows with a column for each facet; of due diligence the newest cycle counts.
_ROWS = """
WITH base AS MATERIALIZED (
    SELECT {facets}
    FROM ({found}) found LEFT JOIN LATERAL (
        SELECT level, status FROM {cycles}
        WHERE organization_id = found.organization_id ORDER BY number DESC LIMIT 1
    ) cycle ON TRUE
    LEFT JOIN (
        SELECT DISTINCT organization_id FROM {hits} WHERE status = '{open}'
    ) hit ON hit.organization_id = found.organization_id
)
"""
_SINGLE = [name for name, facet in FACETS.items() if not facet.is_list]


@dataclass(frozen=True)
class Counts:
    """`total` rows are listed. Beyond `CAP` a number means no more than "more".

    Where filters are chosen, the total is the number of the chosen choice, and as old as that.
    """

    total: int
    tabs: Mapping[str, int]
    facets: Mapping[str, Mapping[str, int]]


def counted(reach: Reach, asked: Asked) -> Counts:
    """All numbers of the page in two queries; where they are kept, in one and the cache's own."""
    base = reach.under_tab(asked)
    wanted = {name: rows for name, rows in reach.tabs().items() if name != _UNCOUNTED}
    if asked.text or asked.organization or asked.tab == _UNCOUNTED:
        wanted[_BASE] = base
    numbers = _count_each(wanted)
    of_base = numbers.get(_BASE, numbers.get(asked.tab, 0))
    if of_base > CAP:
        facets = _kept_facets(reach, asked, base)
    else:
        facets = _count_facets(base, asked) if of_base else {}
    total = of_base
    for name, code in asked.chosen.items():  # each says the same
        total = facets.get(name, {}).get(code, 0)
    return Counts(
        total=total,
        tabs={name: number for name, number in numbers.items() if name != _BASE},
        facets=facets,
    )


def _count_each(wanted: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many rows each has, counted no further than a step beyond `CAP`; one query."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in wanted.values():
        try:
            sql, params = rows.order_by().values("pk")[: CAP + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE FALSE", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) rows)")  # noqa: S608 - made by the ORM
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return dict(zip(wanted, found, strict=True))


def _kept_facets(reach: Reach, asked: Asked, base: QuerySet) -> dict[str, dict[str, int]]:
    """The counts of at most a minute ago: of so many rows nobody sees that one has come.

    Everybody who may see the same rows shares them, in whatever order they are listed.
    """
    mine = reach.user.pk if asked.tab == "mine" else 0
    state = f"{mine} {sorted(reach.closed)} {replace(asked, sort='', page=1).query()}"
    key = f"queue-counts:{hashlib.sha256(state.encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: _count_facets(base, asked), _KEPT_FOR) or {}


def _count_facets(base: QuerySet, asked: Asked) -> dict[str, dict[str, int]]:
    """For each facet its codes with their numbers, in one query.

    A facet's own choice does not narrow its own counts: they say what another choice would show.
    """
    try:
        found, values = base.order_by().values(*_COLUMNS).query.sql_with_params()
    except EmptyResultSet:
        return {}
    arms, codes = _arms(asked.chosen)
    rows = _ROWS.format(
        facets=", ".join(f"({facet.column}) AS {name}" for name, facet in FACETS.items()),
        found=found,
        cycles=DueDiligence._meta.db_table,
        hits=Hit._meta.db_table,
        open=HIT_OPEN,
    )
    with connection.cursor() as cursor:
        cursor.execute(rows + " UNION ALL ".join(arms), [*values, *codes])
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for name, code, number in cursor.fetchall():
            if code:
                counts[name][code] = number
    return counts


def _arms(chosen: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Statements that give rows of facet, code and number, and the values of all of them.

    Facets that nothing is chosen of are all narrowed alike, and counted in one go over the rows.
    """
    together = [name for name in _SINGLE if name not in chosen]
    apart = [name for name in FACETS if name in chosen or name not in _SINGLE]
    arms, values = [], list[str]()
    if together:
        where, codes = _narrowed(chosen)
        columns = [f"{name}::text" for name in together]
        # Of each set all other columns are empty.
        name_of_set = " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in together)
        arms.append(
            f"SELECT CASE {name_of_set} END, COALESCE({', '.join(columns)}), count(*) "  # noqa: S608 - nothing that was typed
            f"FROM base {where} GROUP BY GROUPING SETS (({'), ('.join(together)}))"
        )
        values += codes
    for name in apart:
        where, codes = _narrowed({other: chosen[other] for other in chosen if other != name})
        source = f"base, unnest({name}) AS code" if FACETS[name].is_list else "base"
        code = "code" if FACETS[name].is_list else f"{name}::text"
        arms.append(f"SELECT '{name}', {code}, count(*) FROM {source} {where} GROUP BY 2")  # noqa: S608 - nothing that was typed
        values += codes
    return arms, values


def _narrowed(chosen: Mapping[str, str]) -> tuple[str, list[str]]:
    conditions = [
        f"%s = ANY({name})" if FACETS[name].is_list else f"{name}::text = %s" for name in chosen
    ]
    return f"WHERE {' AND '.join(conditions)}" if conditions else "", list(chosen.values())
