"""Words that a reader looks for, marked in a text: those that the search finds, and no others.

Text and words are folded as the index folds them, and PostgreSQL stems them: who looks for
"programmes" sees "program" marked.
"""

import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from alliance import reading
from knowledge.folding import fold, tokens

MOST_WORDS = 24
# Signs around the first marked word of a passage, and of the whole passage.
_BEFORE, _LENGTH = 100, 280

_TYPED = re.compile(r'-?"[^"]*"?|[^\s"]+')
# A stem keeps the beginning of its word: only words that begin alike are asked about.
_ALIKE = 2
_FOUND = """
    SELECT word FROM unnest(%(words)s) AS word WHERE EXISTS (
        SELECT FROM unnest(%(typed)s) AS typed
        WHERE to_tsvector(%(config)s::regconfig, word)
            @@ plainto_tsquery(%(config)s::regconfig, typed)
    )
"""

Span = tuple[int, int]


def sought(query: str, config: str) -> list[str]:
    """The words of a search as the index has them, without those that it leaves out."""
    typed = [part for part in _TYPED.findall(query) if part[0] != "-" and part.lower() != "or"]
    return list(dict.fromkeys(fold(" ".join(typed), config).split()))[:MOST_WORDS]


class Marker:
    """Marks what was typed in some `texts` of one language, for which it asks the database once."""

    def __init__(self, query: str, config: str, texts: Iterable[str]) -> None:
        self.config = config
        typed = sought(query, config)
        beginnings = {word[:_ALIKE] for word in typed}
        words = {token.word for text in texts if typed for token in tokens(text, config)}
        self.words = _found([w for w in words if w[:_ALIKE] in beginnings], typed, config)

    def marked(self, text: str) -> SafeString:
        """The text as HTML, each of the words in a `<mark>`; everything else is escaped."""
        written, done = [], 0
        for start, end in self._spans(text):
            written += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
            done = end
        # Every part of it was escaped.
        return mark_safe("".join([*written, escape(text[done:])]))  # noqa: S308

    def passage(self, text: str) -> SafeString:
        """Some lines around the first of the words, marked; the beginning where there is none."""
        text = " ".join(text.split())
        first = next(iter(self._spans(text)), (0, 0))[0]
        start = max(0, first - _BEFORE)
        start = text.find(" ", start, first) + 1 or start if start else 0
        end = min(len(text), start + _LENGTH)
        end = max(text.rfind(" ", first, end), first + 1) if end < len(text) else end
        before, after = "… " if start else "", " …" if end < len(text) else ""
        # Only `marked` and signs of ours.
        return mark_safe(f"{before}{self.marked(text[start:end])}{after}")  # noqa: S308

    def _spans(self, text: str) -> list[Span]:
        """Where the words stand; pairs of signs that overlap are one word."""
        spans: list[Span] = []
        if not self.words:
            return spans
        for token in tokens(text, self.config):
            if token.word not in self.words:
                continue
            if spans and token.start < spans[-1][1]:
                spans[-1] = (spans[-1][0], token.end)
            else:
                spans.append((token.start, token.end))
        return spans


def _found(words: list[str], typed: list[str], config: str) -> frozenset[str]:
    if not words:
        return frozenset()
    with reading.connection().cursor() as cursor:
        cursor.execute(_FOUND, {"words": words, "typed": typed, "config": config})
        return frozenset(word for (word,) in cursor.fetchall())
