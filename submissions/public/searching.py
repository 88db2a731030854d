"""The best of every kind at once, for whoever looks for words in all that is public."""

from typing import NamedTuple

from alliance.browsing.kept import kept
from knowledge.search.asking import ask
from submissions.models import PublicEntry
from submissions.public.finding import MOST, asked_words
from submissions.public.rows import Row, of_ids

_ENTRIES = PublicEntry._meta.db_table
_BEST = f"""
SELECT kind, least(count(*), {MOST}), count(*) > {MOST}, (array_agg(id ORDER BY rank DESC, id DESC))[:%(most)s]
FROM (
    SELECT id, kind, ts_rank(words, %(words)s::tsquery) AS rank FROM (
        SELECT id, kind, words, row_number() OVER (PARTITION BY kind ORDER BY since DESC, id DESC) AS nth
        FROM {_ENTRIES} WHERE words @@ %(words)s::tsquery
    ) having_words WHERE nth <= {MOST} + 1
) ranked GROUP BY kind"""  # noqa: S608 - names of our own


class Best(NamedTuple):
    """Of one kind: how many there are, whether there are more than counted, and the best ones."""

    total: int
    has_more: bool
    rows: list[Row]


def best_of_each(text: str, state: str, most: int = 5) -> dict[str, Best]:
    """By kind (`PublicKind`), without those in which nothing was found. Raises TookTooLong.

    Three questions at most, whatever is found.
    """
    found = kept((state, "best", text, most), lambda: _best(text, most))
    rows = {row.pk: row for row in of_ids([pk for *_n, ids in found for pk in ids], text)}
    return {
        kind: Best(total, has_more, [rows[pk] for pk in ids if pk in rows])
        for kind, total, has_more, ids in found
    }


def _best(text: str, most: int) -> list[tuple[str, int, bool, list[int]]]:
    words = asked_words(text).exact
    return [tuple(row) for row in ask(_BEST, {"words": words, "most": most})] if words else []
