"""Words that people look for, and the text they are found in: without accents and capitals.

Each table that is searched has a GIN index over one of the vectors made here, and a search asks
for the very same expression: only then does the database use the index. Nothing is copied beside
the text, so what is corrected or erased is found, or no longer found, at once. No extension of
PostgreSQL is needed.
"""

import re
import unicodedata
from typing import NamedTuple

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import Expression, Func, TextField

# Words as they are: names and references are looked for in many languages.
CONFIG = "simple"
MOST_WORDS = 8
# Shorter ones begin too many words.
_PREFIX_FROM = 3
_ACCENTS = re.compile("[\u0300-\u036f]")
_ONE_WORD = re.compile(r"\w+")


class Plain(Func):
    """Text in small letters without accents, as `plain` makes it of what is looked for."""

    # The escapes are the regular expression's, and stay as they are.
    template = (
        r"lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'))"
    )
    output_field = TextField()


class PlainStrings(Func):
    """The words of all strings in a JSON document, its keys left out.

    Decomposed canonically: that makes no quotes or backslashes, so it is the same document after.
    """

    template = (
        "jsonb_to_tsvector('simple', lower(regexp_replace(normalize((%(expressions)s)::text, NFD), "
        r"""'[\u0300-\u036f]', '', 'g'))::jsonb, '["string"]')"""
    )
    output_field = SearchVectorField()


def words_of(*columns: str) -> Expression:
    """The vector of some text columns together."""
    return SearchVector(*(Plain(column) for column in columns), config=CONFIG)


def plain(text: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


class Word(NamedTuple):
    """What a `SearchQuery` over the vectors here is made of."""

    text: str
    search_type: str


def words(text: str) -> list[Word]:
    """The words that were typed, of which each has to be found.

    A word is found by its beginning; what is joined by signs, as an address, as a whole. Empty
    where nothing can be looked for.
    """
    typed = [word for word in plain(text).split() if any(map(str.isalnum, word))]
    return [_word(word) for word in dict.fromkeys(typed[:MOST_WORDS])]


def _word(typed: str) -> Word:
    if len(typed) >= _PREFIX_FROM and _ONE_WORD.fullmatch(typed):
        return Word(f"{typed}:*", "raw")
    return Word(typed, "plain")
