"""A language that nobody speaks, to see pages as a translation will make them.

`PSEUDO_LANGUAGE=en-xa make serve` shows every string of the interface in brackets, with accents,
and two fifths longer, as the longer of real translations are; `ar-xb` does the same on pages that
run from right to left. Both codes are of those that the standards leave to private use. Nothing is
translated beforehand: whatever goes through gettext is changed on its way. So a word that a reader
can still read plainly never went through it, and a bracket that is missing was cut off.
"""

import re
from gettext import NullTranslations

from django.utils.translation import trans_real

LANGUAGES = {"en-xa": "Long", "ar-xb": "Long, from right to left"}

_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ACCENTED = "ÀßÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽàƀçðéƒĝĥîĵķļṁñöþǫŕšţûṽŵẋýž"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
# Places for values, markup and characters by their names: these are no words.
_NO_WORDS = re.compile(r"%\(\w+\)[-#0-9.]*[a-z]|%[sdf%]|\{[^{}]*\}|<[^<>]+>|&#?\w+;")
_LETTER = re.compile(r"[A-Za-z]")
_FILLER = " ŵîðéŕ ţĥàñ îţ ŵàš ŵĥéñ îţ ŵàš ŵŕîţţéñ"
_LONGER = 0.4
_CONTEXT_ENDS = "\x04"


def pseudo(text: str) -> str:
    """The text longer, accented and in brackets; one without a letter stays as it is."""
    words = _NO_WORDS.sub("", text)
    if not _LETTER.search(words):
        return text
    filler = _FILLER * (len(words) // len(_FILLER) + 1)
    return f"[{_accented(text)}{filler[: round(len(words) * _LONGER)]}]"


def _accented(text: str) -> str:
    parts, end = [], 0
    for place in _NO_WORDS.finditer(text):
        parts += [text[end : place.start()].translate(_ACCENTS), place[0]]
        end = place.end()
    return "".join([*parts, text[end:].translate(_ACCENTS)])


class PseudoTranslation(NullTranslations):
    """Answers for every message, whether or not somebody has collected it."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def language(self) -> str:
        return self._language

    to_language = language

    def gettext(self, message: str) -> str:
        return pseudo(message.rpartition(_CONTEXT_ENDS)[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def speak(language: str) -> None:
    """Have gettext answer in this language, one of `LANGUAGES`, from now on.

    Django reads catalogues from files alone, and keeps what it has read here.
    """
    catalogues: dict[str, NullTranslations] = vars(trans_real)["_translations"]
    catalogues[language] = PseudoTranslation(language)
