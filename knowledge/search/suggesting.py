"""Another spelling for what was typed: "did you mean".

Only a word that no report has is put right, so names and rare words stay as they are. What is
offered has been looked for before, and finds something that the reader may see.
"""

import datetime
import re
import time

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from alliance.browsing.kept import kept
from knowledge.folding import ENGLISH, fold
from knowledge.models import IndexWord
from knowledge.search.asked import Query
from knowledge.search.asking import ask
from knowledge.search.finding import find
from knowledge.search.parsing import groups, plain_words

# The most usual ones; rarer words are recognised but not suggested.
_MOST_WORDS = 50_000
_MOST_CHANGED = 4
_SHORTEST = 4
_CLOSEST = 12
_KEPT_FOR = 60 * 60  # seconds
_DIGIT = re.compile(r"\d")

# A row for each length: fifty thousand rows take longer on their way than to be found.
_USUAL = f"""
SELECT length(word), string_agg(word, ' ' ORDER BY reports DESC, word) FROM (
    SELECT word, reports FROM {IndexWord._meta.db_table} ORDER BY reports DESC, word LIMIT %s
) usual GROUP BY length(word)"""  # noqa: S608 - names of our own


def suggestion(query: Query, state: str, day: datetime.date) -> Query | None:
    """The query with its unknown words put right; None where there is no better one.

    Raises TookTooLong.
    """
    return kept((state, "suggestion", *query.key), lambda: _suggestion(query, state, day))


def _suggestion(query: Query, state: str, day: datetime.date) -> Query | None:
    typed = [word for word in plain_words(query.text) if len(word) >= _SHORTEST]
    lowered = {word.lower() for word in typed if not _DIGIT.search(word)}
    if not lowered:
        return None
    known = set(IndexWord.objects.filter(word__in=lowered).values_list("word", flat=True))
    changed = query.text
    # Beside an `or`, what is found says nothing of this word: it has to be found by itself.
    is_one_of_several = len(groups(query.text)) > 1
    for word in sorted(lowered - known)[:_MOST_CHANGED]:
        other = _closest(word)
        # A spelling that the search takes for the same has been looked for already.
        if not other or fold(other, ENGLISH) == fold(word, ENGLISH):
            continue
        if not is_one_of_several or find(Query(other), state, day).ids:
            changed = re.sub(
                rf"(?<!\w){re.escape(word)}(?!\w)", other, changed, flags=re.IGNORECASE
            )
    if changed == query.text:
        return None
    better = Query(changed, query.chosen, query.sort)
    return better if find(better, state, day).ids else None


def _closest(word: str) -> str:
    """The usual word that is nearest: one sign wrong or exchanged, two in a long word."""
    most = 1 if len(word) < 6 else 2
    by_length = usual_words()
    lengths = range(len(word) - most, len(word) + most + 1)
    words = [other for length in lengths for other in by_length.get(length, ())]
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=_CLOSEST)
    # Of those as near, the one that sounds alike, then the more usual one: they come in that order.
    best = min(
        near, key=lambda found: (found[1], -fuzz.ratio(word, found[0]), found[2]), default=None
    )
    return best[0] if best else ""


def usual_words() -> dict[int, list[str]]:
    """The usual words by their length, the most usual first; kept for an hour.

    A change of the library hardly changes them. Raises TookTooLong.
    """

    def make() -> dict[int, list[str]]:
        return {length: words.split(" ") for length, words in ask(_USUAL, [_MOST_WORDS])}

    return kept(("usual words", time.time() // _KEPT_FOR), make)
