"""Which reports are found, in which order, and how many each choice of a facet would leave.

The candidates are the newest thousand reports that have all the words, wherever they stand. They
are ranked by what is said of them: a word in the title counts more than all others. Where more
reports than these have the words, those that have them in the title, then those that have them in
what is said of them, are looked for on purpose and come first.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from alliance.browsing.kept import kept
from knowledge.folding import SIMPLE, config_of
from knowledge.models import IndexPart
from knowledge.search.asked import BEST, FACETS, TITLE, Query
from knowledge.search.asking import ask
from knowledge.search.candidates import ENTRIES, NEWEST, late_question, latest_years, newest
from knowledge.search.parsing import ALL_CONFIGS, Question, all_of, any_of, question, quoted

MOST = 1000
# Phrases are looked for among the places of all words, so in fewer reports.
_MOST_FOR_PHRASES = 150
# Counting the whole library is done once for each of its states, not for each reader.
_LONGEST_COUNT = 5000  # milliseconds

_PARTS = IndexPart._meta.db_table
_SHOWN = "shown_from <= %(day)s"
_BY_TITLE = "title_key, report_id"
_BY_RANK = f"tier DESC, rank DESC, {NEWEST}"
# Stands among the codes, so that rows are counted with them in one go.
_TOTAL = "+"

# Choices are words of the question: one index knows which reports have them all.
_CANDIDATE = "report_id, shown_from, year, title_key, facets, titles, words, everything"
_ARM = """{candidates}, {name} AS MATERIALIZED (
    SELECT report_id, year, title_key, facets, {rank} FROM {name}_candidates WHERE {phrases}
)"""
# Here, too, only names of our own are put into the text.
_HAVING_WORDS = f"SELECT report_id FROM {ENTRIES} WHERE everything @@ %(whole{{late}})s::tsquery"  # noqa: S608 - names of our own
# Where there are more candidates than these, those that are ranked are looked for on purpose.
_RANK = """CASE WHEN {more} THEN 0 ELSE
        (titles @@ %(exact)s::tsquery)::int + (words @@ %(exact)s::tsquery)::int
    END AS tier, CASE WHEN {more} THEN 0 ELSE ts_rank(words, %(exact)s::tsquery) END AS rank"""
_MORE = "(SELECT count(*) FROM whole_candidates) > %(most)s"
_NO_RANK = "0 AS tier, 0::real AS rank"
_IDS = """
SELECT '' AS facet, '' AS code, count(*) AS n, array_agg(report_id ORDER BY {order}) AS ids,
    (SELECT count(*) FROM whole_candidates) AS candidates
FROM whole"""
_CODES = """
UNION ALL SELECT '{facet}', code, count(*), NULL, (SELECT count(*) FROM {name}_candidates)
FROM {name}, unnest(facets) code GROUP BY code"""
# Words whose places are not known are never a phrase. Without OFFSET the planner would unpack the
# parts of all reports.
_IN_PARTS = f"""(
    words @@ %({{name}})s::tsquery
    OR everything @@ %({{name}})s::tsquery
    OR EXISTS (
        SELECT FROM {_PARTS} part
        WHERE part.entry_id = report_id AND part.words @@ %({{name}})s::tsquery OFFSET 0
    )
)"""
# Only where the title has fewer are all that is said of the reports asked.
_BEST = f"""
WITH {{title}}, {{said}}
SELECT report_id FROM (
    SELECT *, ts_rank(words, %(exact)s::tsquery) AS rank FROM (
        SELECT *, 2 AS tier FROM title
        UNION ALL SELECT *, 1 AS tier FROM said WHERE {{said_so}}
    ) best
) ranked ORDER BY {_BY_RANK}"""  # noqa: S608 - names of our own
_AMONG = f"""
SELECT report_id FROM {ENTRIES} WHERE report_id = ANY(%(among)s::bigint[])
    AND everything @@ %(inside)s::tsquery AND {{conditions}} AND {{phrases}}"""  # noqa: S608 - names of our own
_COUNT = f"""
SELECT '{{facet}}', code, count(*) FROM {ENTRIES}, unnest(facets || '{_TOTAL}'::varchar) code
WHERE {{conditions}} GROUP BY code"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Found:
    """The answer to a query.

    With words, `ids` are the reports in order, at most `MOST`, and `has_more` says that there are
    others. Without words `ids` is empty, and `total` counts them all. A facet of which not all
    reports were counted is in `uncounted`; its numbers only say which codes there are.
    """

    total: int = 0
    ids: list[int] = field(default_factory=list)
    has_more: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    uncounted: frozenset[str] = frozenset()


def find(query: Query, state: str, day: datetime.date) -> Found:
    """The answer in the library's present state. Raises TookTooLong."""
    if query.text:
        return kept((state, *query.key), lambda: _find(query, state, day))
    return kept((state, *query.key), lambda: _count_all(query, day), shared=True)


def which_of(query: Query, numbers: Sequence[int], state: str, day: datetime.date) -> list[int]:
    """Those of some reports that have the words and the choices, however many others have them.

    Raises TookTooLong.
    """
    words = asked_words(query, state, day)
    if not words.inside:
        return []
    phrases, of_phrases = _phrases(words)
    values = values_of(query, day) | of_phrases
    values |= {"inside": words.inside, "among": list(numbers)}
    sql = _AMONG.format(conditions=conditions(query), phrases=phrases)
    return [pk for (pk,) in ask(sql, values)]


def asked_words(query: Query, state: str, day: datetime.date) -> Question:
    """The words of the query, in the languages that the library has reports in."""

    def make() -> Question:
        languages = find(Query(), state, day).facets.get("language", {})
        used = {config_of(language) for language in languages} | {SIMPLE}
        return question(query.text, [config for config in ALL_CONFIGS if config in used])

    return kept((state, "words", query.text), make)


def conditions(query: Query, leaving_out: str = "") -> str:
    """Which reports may be found by anybody today, narrowed by the choices; values: `values_of`."""
    narrowed = [
        f"facets && %({name})s::varchar[]"
        for name, codes in query.chosen.items()
        if codes and name != leaving_out
    ]
    return " AND ".join([_SHOWN, *narrowed])


def values_of(query: Query, day: datetime.date) -> dict[str, Any]:
    chosen = {name: [f"{name}:{code}" for code in codes] for name, codes in query.chosen.items()}
    return {"day": day, **chosen}


def _find(query: Query, state: str, day: datetime.date) -> Found:
    words = asked_words(query, state, day)
    if not words.inside:
        return Found()
    most = _MOST_FOR_PHRASES if words.phrases else MOST
    phrases, of_phrases = _phrases(words)
    values = values_of(query, day) | of_phrases | {"exact": words.exact, "most": most}
    questions = {
        arm: all_of(words.inside, *_chosen(query, left_out))
        for left_out, arm in _arms(query).items()
    }
    questions["narrowed"] = all_of(words.inside, *_chosen(query))
    years = _latest_years(query, state, day, most)
    values |= questions
    values |= {f"{name}_late": late_question(text, years) for name, text in questions.items()}
    found = _read(ask(_candidates(query, phrases, bool(years)), values), most, query)
    if found.has_more and query.order == BEST:
        first = [pk for (pk,) in ask(_best(query, words, bool(years)), values)]
        ids = list(dict.fromkeys([*first, *found.ids]))[:MOST]
        found = replace(found, ids=ids, total=len(ids))
    return found


def _latest_years(query: Query, state: str, day: datetime.date, most: int) -> list[str]:
    """The years to look for candidates in first; none where they do not come by their years."""
    if query.order == TITLE:
        return []
    return latest_years(find(Query(), state, day).facets.get("year", {}), most)


def _best(query: Query, words: Question, latest_first: bool) -> str:
    """One question: the reports whose title has the words, then those of which they are said.

    To see whether a phrase is said of a report its words are unpacked: only of the newest thousand.
    """
    excluded = f" AND report_id IN ({_HAVING_WORDS})" if words.excludes else ""
    columns = "report_id, shown_from, year, facets, words"
    title = newest(
        "title",
        columns,
        column="titles",
        question="exact",
        conditions=conditions(query) + excluded,
        limit="%(most)s",
    )
    said = newest(
        "said",
        columns,
        column="words",
        question="narrowed",
        conditions=_SHOWN + excluded,
        limit=str(MOST) if words.phrases else "(%(most)s - (SELECT count(*) FROM title))",
        latest_first=latest_first,
    )
    said_so = "words @@ %(exact)s::tsquery" if words.phrases else "TRUE"
    return _BEST.format(title=title, said=said, said_so=said_so)


def _candidates(query: Query, phrases: str, latest_first: bool) -> str:
    """One question: the reports in order, and the codes of all facets.

    A facet's own choice does not narrow its own counts, which say what another choice would show:
    so each facet with a choice has candidates of its own.
    """
    order = _BY_TITLE if query.order == TITLE else NEWEST
    arms = _arms(query)
    parts = [
        _ARM.format(
            candidates=newest(
                f"{arm}_candidates",
                _CANDIDATE,
                column="everything",
                question=arm,
                conditions=_SHOWN,
                limit="%(most)s + 1",
                order=order,
                latest_first=latest_first,
            ),
            name=arm,
            rank=_RANK.format(more=_MORE) if query.order == BEST and not left_out else _NO_RANK,
            phrases=phrases,
        )
        for left_out, arm in arms.items()
    ]
    ids = _IDS.format(order=_BY_RANK if query.order == BEST else order)
    codes = "".join(_CODES.format(facet=facet, name=arm) for facet, arm in arms.items())
    return f"WITH {', '.join(parts)} {ids} {codes}"


def _arms(query: Query) -> dict[str, str]:
    """What each list of candidates is called, by the facet whose choice it leaves out."""
    return {"": "whole"} | {name: f"without_{name}" for name in query.narrowed}


def _chosen(query: Query, leaving_out: str = "") -> list[str]:
    """The choices as words of the index, which holds the codes among the words."""
    return [
        any_of(quoted(f"{name}:{code}") for code in codes)
        for name, codes in query.chosen.items()
        if codes and name != leaving_out
    ]


def _phrases(words: Question) -> tuple[str, dict[str, str]]:
    """The condition that a report has a group's phrases, each in one place, with its values."""
    values: dict[str, str] = {}
    groups = []
    for number, (inside, phrases) in enumerate(words.phrases):
        parts = []
        if len(words.phrases) > 1:
            values[f"group_{number}"] = inside
            parts.append(f"everything @@ %(group_{number})s::tsquery")
        for place, phrase in enumerate(phrases):
            name = f"phrase_{number}_{place}"
            values[name] = phrase
            parts.append(_IN_PARTS.format(name=name))
        groups.append(f"({' AND '.join(parts)})" if parts else "TRUE")
    return f"({' OR '.join(groups)})" if groups else "TRUE", values


def _read(rows: list[tuple[Any, ...]], most: int, query: Query) -> Found:
    (_facet, _code, total, ids, candidates), *codes = rows
    narrowed = query.narrowed
    facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    uncounted = set()
    for left_out, tagged, n, _none, reached in codes:
        name, _colon, code = tagged.partition(":")
        if left_out == name or (not left_out and name not in narrowed):
            facets[name][code] = n
            if reached > most:
                uncounted.add(name)
    ids = (ids or [])[:most]
    return Found(min(total, most), ids, candidates > most, facets, frozenset(uncounted))


def _count_all(query: Query, day: datetime.date) -> Found:
    """Count without words: all of the library, or what the choices leave of it."""
    sql = " UNION ALL ".join(
        _COUNT.format(facet=name, conditions=conditions(query, name))
        for name in ("", *query.narrowed)
    )
    narrowed = query.narrowed
    total = 0
    facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for left_out, tagged, n in ask(sql, values_of(query, day), longest=_LONGEST_COUNT):
        name, _colon, code = tagged.partition(":")
        if not left_out and tagged == _TOTAL:
            total = n
        elif left_out == name or (not left_out and name not in narrowed):
            facets.setdefault(name, {})[code] = n
    return Found(total, facets=facets)
