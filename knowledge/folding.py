"""Text as the search compares it: the same for what is kept and for what is typed.

Small letters without accents, full-width and half-width forms as usual ones, Arabic without vowel
signs and with one form of alef, yeh and heh, Chinese, Japanese and Korean as overlapping pairs of
signs (no spaces say where a word ends), British spelling as American. Words are all that is left,
with one space between: whatever stood between them means nothing to PostgreSQL's parser any more,
so its n-th word is our n-th word.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from knowledge.spelling import american

# PostgreSQL's stemming for the languages of editions; words of all others stay as they are.
CONFIGS = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "hi": "hindi",
    "id": "indonesian",
    "nb": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "tr": "turkish",
}
SIMPLE = "simple"
ENGLISH = "english"

# A word of at most this many letters: PostgreSQL leaves out what is longer than 2,047 bytes.
LONGEST = 100

_PAIRED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
# Marks stand within words: Hindi and Thai write vowels so.
_RUN = re.compile(
    rf"[{_PAIRED}]+|(?:[^\W_{_PAIRED}]|[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f"
    r"\u0670\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e4e])+"
)
_FIRST_PAIRED_SIGN = "\u3040"
_FIRST_PAIRED = re.compile(f"[{_PAIRED}]")
# The breve stays in Russian, where it makes another letter that endings are known by.
_MARKS = re.compile(
    "(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
# PostgreSQL reads the beginning of "1e5x" as a number, and the rest as a word of its own.
_NUMBER_FIRST = re.compile("[0-9]+e[0-9]+[^0-9]")
_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ı": "i"}
    # Letters that do not come apart into one without a mark.
    | {"ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "þ": "th"}
)

# Endings by which the stemming knows a noun, with the accents that it asks for.
_ENDINGS = {
    "spanish": (("acion", "ación"), ("ucion", "ución"), ("logia", "logía"), ("logias", "logías")),
    "portuguese": (("acao", "ação"), ("acoes", "ações"), ("ucao", "ução"), ("ucoes", "uções")),
}


class Token(NamedTuple):
    """One word of the index, and where it stands in the text that people read."""

    word: str
    start: int
    end: int


def config_of(language: str) -> str:
    """The text-search configuration for an edition's language."""
    return CONFIGS.get(language, SIMPLE)


def tokens(text: str, config: str) -> Iterator[Token]:
    """The words of `text` in order, as the search compares them."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if run[0][0] >= _FIRST_PAIRED_SIGN and _FIRST_PAIRED.match(run[0]):
            for place in range(start, max(end - 1, start + 1)):
                yield Token(_plain(text[place : min(place + 2, end)]), place, min(place + 2, end))
        elif word := _folded(run[0], config):
            yield Token(word, start, end)


def spans(text: str, config: str, numbers: Collection[int]) -> Iterator[tuple[int, int]]:
    """Where the words of these numbers stand, counted from one as `tokens` counts them."""
    number, last = 0, max(numbers, default=0)
    for run in _RUN.finditer(text):
        if number >= last:
            return
        start, end = run.span()
        if _FIRST_PAIRED.match(text, start):
            for place in range(start, max(end - 1, start + 1)):
                number += 1
                if number in numbers:
                    yield place, min(place + 2, end)
        # What begins with one of these is a word, so it need not be folded.
        elif text[start].isascii() or _folded(run[0], config):
            number += 1
            if number in numbers:
                yield start, end


def fold(text: str, config: str) -> str:
    """The words of `text` as the search compares them, with a space between."""
    words = []
    for run in _RUN.findall(text):
        if run[0] >= _FIRST_PAIRED_SIGN and _FIRST_PAIRED.match(run):
            words += [_plain(run[place : place + 2]) for place in range(max(len(run) - 1, 1))]
        else:
            words.append(_folded(run, config))
    return " ".join(filter(None, words))


@lru_cache(maxsize=200_000)
def _folded(word: str, config: str) -> str:
    """One word; empty where nothing of it can be looked for."""
    plain = _plain(word)[:LONGEST]
    # Some signs come apart into several words ("½"); only letters and digits are left of them.
    plain = "".join(
        [sign for sign in plain if sign.isalnum() or unicodedata.category(sign)[0] == "M"]
    )
    if _NUMBER_FIRST.match(plain):
        plain = f"n{plain}"
    if config == ENGLISH:
        return american(plain)
    for ending, accented in _ENDINGS.get(config, ()):
        if plain.endswith(ending):
            return plain.removesuffix(ending) + accented
    return plain


def _plain(text: str) -> str:
    """Small letters without accents and other forms of the same letter."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", apart).translate(_FORMS)).casefold()
