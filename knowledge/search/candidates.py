"""The newest reports that have some words, as SQL: the latest years are asked first.

A common word stands in nearly every report, and to read and sort nearly a whole library for its
newest thousand takes longer than all the rest of a search. So the latest years that hold some
thousand reports are asked first, by their codes among the words, and the whole library only where
these have not enough. What is found is the same either way.
"""

from collections.abc import Mapping

from knowledge.models import IndexEntry
from knowledge.search.parsing import all_of, any_of, quoted

ENTRIES = IndexEntry._meta.db_table
NEWEST = "year DESC NULLS LAST, report_id DESC"
# The latest years hold so many times the reports that are wanted: enough for a word that one of
# eight reports has, and few enough to read.
_TIMES = 8

# OFFSET keeps the planner from any other way: to unpack the words of a report costs more than it
# knows.
_HAVING_WORDS = f"""SELECT * FROM (
        SELECT {{columns}} FROM {ENTRIES}
        WHERE {{column}} @@ %({{question}}{{late}})s::tsquery{{only}} OFFSET 0
    ) having_words
    WHERE {{conditions}} ORDER BY {{order}} LIMIT {{limit}}"""  # noqa: S608 - names of our own
# How many were found is asked once, before anything else is read.
_ALL_OF_THEM = "{name} AS MATERIALIZED ({found})"
_LATEST_FIRST = """{name}_late AS MATERIALIZED ({late}), {name} AS MATERIALIZED (
    SELECT * FROM {name}_late WHERE (SELECT count(*) FROM {name}_late) >= {limit}
    UNION ALL ({found})
)"""
_WHERE_NOT_ENOUGH = " AND (SELECT count(*) FROM {name}_late) < {limit}"


def newest(
    name: str,
    columns: str,
    *,
    column: str,
    question: str,
    conditions: str,
    limit: str,
    order: str = NEWEST,
    latest_first: bool = False,
) -> str:
    """The reports that answer a question to a column, at most `limit`, as a table of a WITH clause.

    `question` names its value; with `latest_first` that of `late_question` goes by the same name
    with `_late` behind it. In `conditions`, `{late}` stands for that ending.
    """
    parts = {
        "columns": columns,
        "column": column,
        "question": question,
        "order": order,
        "limit": limit,
    }
    only = _WHERE_NOT_ENOUGH.format(name=name, limit=limit) if latest_first else ""
    found = _HAVING_WORDS.format(**parts, late="", only=only, conditions=conditions.format(late=""))
    if not latest_first:
        return _ALL_OF_THEM.format(name=name, found=found)
    late = _HAVING_WORDS.format(
        **parts, late="_late", only="", conditions=conditions.format(late="_late")
    )
    return _LATEST_FIRST.format(name=name, limit=limit, late=late, found=found)


def late_question(question: str, years: list[str]) -> str:
    """The question, to reports of these years alone."""
    return all_of(question, any_of(quoted(f"year:{year}") for year in years))


def latest_years(reports: Mapping[str, int], most: int) -> list[str]:
    """The latest years, of those with so many reports each, in which to look for the newest `most`.

    None where that would be all of them.
    """
    years: list[str] = []
    left = _TIMES * most
    for year in sorted(reports, key=int, reverse=True):
        if left <= 0:
            return years
        years.append(year)
        left -= reports[year]
    return []
