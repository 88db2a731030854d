"""Words that a reader looks for, marked in a text.

Text and words meet without accents and capitals. A word is marked where one begins with it; in
scripts without spaces it is marked wherever it stands.
"""

import re
from collections.abc import Iterable

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from alliance.searching import plain

MOST_WORDS = 8
_TYPED = re.compile(r'-?"[^"]*"|\S+')
_WORD = re.compile(r"\w+")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def sought(query: str) -> list[str]:
    """The words of a search, as they are compared: without those that it leaves out."""
    typed = [part for part in _TYPED.findall(query) if not part.startswith("-")]
    words = [plain(word) for part in typed for word in _WORD.findall(part)]
    return [word for word in dict.fromkeys(words) if word != "or"][:MOST_WORDS]


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text as HTML, each of the `words` in a `<mark>`; everything else is escaped."""
    pattern = "|".join(_pattern(word) for word in sorted(words, key=len, reverse=True))
    if not pattern:
        return conditional_escape(text)
    folded, places = _folded(text)
    written, done = [], 0
    for found in re.finditer(pattern, folded):
        begin, end = places[found.start()], places[found.end() - 1] + 1
        if begin >= done:
            written += [escape(text[done:begin]), f"<mark>{escape(text[begin:end])}</mark>"]
            done = end
    # Every part of it was escaped.
    return mark_safe("".join([*written, escape(text[done:])]))  # noqa: S308


def _pattern(word: str) -> str:
    if _WITHOUT_SPACES.search(word):
        return re.escape(word)
    return rf"\b{re.escape(word)}\w*"


def _folded(text: str) -> tuple[str, list[int] | range]:
    """The text as it is compared, and for each of its characters the place in the original."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters, places = [], []
    for place, character in enumerate(text):
        for letter in plain(character):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places
