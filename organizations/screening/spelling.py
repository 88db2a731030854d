"""One spelling for names that are written in many: what two names are compared by."""

import re
import unicodedata

from anyascii import anyascii

# Apostrophes, and the marks that stand for hamza and ayn, join what they stand between; every
# other sign parts it.
_JOINING = dict.fromkeys(map(ord, "'’‘`´ʼʻʿʾʹʺ′"))
_WORD = re.compile(r"[^\W_]+")
# Letters that Arabic, Persian and Urdu keyboards write differently in the same name.
_ARABIC_FORMS = str.maketrans("أإآٱىیېکڪةۀہھ", "اااايييككهههه")
_TATWEEL = "\u0640"


def typed_words(text: str) -> list[str]:
    """The words of a name in its own order, in Latin letters, without accents, case and punctuation."""
    latin = anyascii(unicodedata.normalize("NFKC", text).translate(_JOINING))
    return _WORD.findall(latin.translate(_JOINING).casefold())


def latin_words(text: str) -> list[str]:
    """The same words, sorted: names are written with the family name first as well as last."""
    return sorted(typed_words(text))


def one_spelling(text: str) -> str:
    """What is the same for two names that differ in order, accents, case and punctuation alone.

    Empty where a name has no letter and no digit.
    """
    return " ".join(latin_words(text))


def own_script(text: str) -> tuple[str, list[str]]:
    """The script other than Latin that a name is written in, and its words in it as typed.

    As in ("ARABIC", ["حسن", "غول"]); ("", []) where all letters are Latin. Of a name that mixes
    scripts only the first other one counts. Vowel signs are dropped: some write them, most do not.
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    letters = "".join(
        sign for sign in apart if not unicodedata.combining(sign) and sign != _TATWEEL
    ).translate(_ARABIC_FORMS)
    words: list[str] = []
    found = ""
    for word in _WORD.findall(letters.casefold()):
        script = _script(word[0])
        if script not in {"", "LATIN"} and found in {"", script}:
            found = script
            words.append(word)
    return found, words


def _script(letter: str) -> str:
    """The first word of a letter's Unicode name, which is its script; empty for digits."""
    return unicodedata.name(letter, "").split(" ", 1)[0] if letter.isalpha() else ""
