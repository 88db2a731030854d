"""Which entries are found, in which order, and how many each choice of a facet would leave.

The candidates are the newest thousand of a kind that have all the words. Answers are kept under the
name of the state; what has to be true of this very moment is asked with the rows (`rows`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alliance.browsing.kept import kept
from knowledge.search.asking import ask
from knowledge.search.parsing import ALL_CONFIGS, Question, question
from submissions.models import PublicEntry
from submissions.public.asked import BEST, ENDING, NEWEST, TITLE, PublicQuery

# So many are listed; to see others, people add a word or a choice.
MOST = 1000
# Counting a whole list is done once for each of its states, not for each reader.
_LONGEST_COUNT = 5000  # milliseconds

_ENTRIES = PublicEntry._meta.db_table
ORDERS = {
    NEWEST: "since DESC, id DESC",
    ENDING: "until, id",
    TITLE: "title_key, id",
}
_RANK = "ts_rank(words, %(words)s::tsquery)"
# Stands among the codes, so that rows are counted with them in one go.
_TOTAL = "+"

# OFFSET keeps the planner from looking at choices first, and then at the words of each entry.
_ARM = f"""
{{name}} AS MATERIALIZED (
    SELECT * FROM (
        SELECT id, kind, since, until, title_key, facets, words FROM {_ENTRIES}
        WHERE words @@ %(words)s::tsquery OFFSET 0
    ) having_words WHERE {{conditions}} ORDER BY {{order}} LIMIT {MOST} + 1
)"""  # noqa: S608 - names of our own
_IDS = """
SELECT '' AS facet, '' AS code, count(*) AS n, array_agg(id ORDER BY {order}) AS ids FROM whole"""
_CODES = """
UNION ALL SELECT '{facet}', code, count(*), (SELECT array[count(*)] FROM {name})
FROM {name}, unnest(facets) code GROUP BY code"""
_COUNT = f"""
SELECT '{{facet}}', code, count(*) FROM {_ENTRIES}, unnest(facets || '{_TOTAL}'::varchar) code
WHERE {{conditions}} GROUP BY code"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Found:
    """The answer to a query.

    With words, `ids` are the entries in order, at most `MOST`, and `has_more` says that there are
    others. Without words `ids` is empty, and `total` counts them all. A facet of which not all
    entries were counted is in `uncounted`.
    """

    total: int = 0
    ids: list[int] = field(default_factory=list)
    has_more: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    uncounted: frozenset[str] = frozenset()


def find(query: PublicQuery, state: str) -> Found:
    """The answer in the present state (`state.present`). Raises TookTooLong."""
    if query.text:
        return kept((state, *query.key), lambda: _find(query))
    return kept((state, *query.key), lambda: _count_all(query), shared=True)


def asked_words(text: str) -> Question:
    """The words in every language: an entry may be written in any."""
    return question(text, ALL_CONFIGS)


def conditions(query: PublicQuery, leaving_out: str = "") -> str:
    """Of which kind, narrowed by the choices; values: `values_of`."""
    narrowed = [
        f"facets && %({name})s::varchar[]" for name in query.narrowed if name != leaving_out
    ]
    return " AND ".join(["kind = %(kind)s", *narrowed])


def values_of(query: PublicQuery) -> dict[str, Any]:
    chosen = {name: [f"{name}:{code}" for code in codes] for name, codes in query.chosen.items()}
    return {"kind": query.kind, **chosen}


def _find(query: PublicQuery) -> Found:
    words = asked_words(query.text).exact
    if not words:
        return Found()
    arms = {"": "whole"} | {name: f"without_{name}" for name in query.narrowed}
    order = ORDERS.get(query.order, ORDERS[NEWEST])
    parts = [
        _ARM.format(name=arm, order=order, conditions=conditions(query, left_out))
        for left_out, arm in arms.items()
    ]
    ranked = f"{_RANK} DESC, {order}" if query.order == BEST else order
    codes = "".join(_CODES.format(facet=facet, name=arm) for facet, arm in arms.items())
    sql = f"WITH {', '.join(parts)} {_IDS.format(order=ranked)} {codes}"
    return _read(ask(sql, values_of(query) | {"words": words}), query)


def _read(rows: Sequence[tuple[Any, ...]], query: PublicQuery) -> Found:
    (_facet, _code, total, ids), *codes = rows
    facets: dict[str, dict[str, int]] = {}
    uncounted = set()
    for left_out, tagged, n, (reached,) in codes:
        name, _colon, code = tagged.partition(":")
        if _is_of(left_out, name, query):
            facets.setdefault(name, {})[code] = n
            if reached > MOST:
                uncounted.add(name)
    return Found(min(total, MOST), (ids or [])[:MOST], total > MOST, facets, frozenset(uncounted))


def _is_of(left_out: str, facet: str, query: PublicQuery) -> bool:
    """A facet's own choice does not narrow its counts, which say what another choice would show."""
    return left_out == facet or (not left_out and facet not in query.narrowed)


def _count_all(query: PublicQuery) -> Found:
    """Count without words: all of the kind, or what the choices leave of it."""
    sql = " UNION ALL ".join(
        _COUNT.format(facet=name, conditions=conditions(query, name))
        for name in ("", *query.narrowed)
    )
    total = 0
    facets: dict[str, dict[str, int]] = {}
    for left_out, tagged, n in ask(sql, values_of(query), longest=_LONGEST_COUNT):
        name, _colon, code = tagged.partition(":")
        if not left_out and tagged == _TOTAL:
            total = n
        elif _is_of(left_out, name, query):
            facets.setdefault(name, {})[code] = n
    return Found(total, facets=facets)
