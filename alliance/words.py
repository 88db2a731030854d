"""How words are counted, on the server. `static/js/words.js` counts by the same table.

The rule: a word is a run of characters between white space. Each ideograph and each kana is one
word by itself. In Thai, Lao and Khmer, which put no space between words, three characters of a
run count as one word, rounded up. Characters are Unicode code points.
"""

import re
from math import ceil
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import ngettext_lazy

from alliance.fields import TextField

# Ranges of code points, in hexadecimal. The script holds the same three lines; a test compares
# them, because Python and JavaScript disagree about what white space is.
#
# Unicode's White_Space; U+001C to U+001F, which only Python takes for spaces; U+FEFF, which only
# JavaScript does; U+200B, which separates words without showing.
SPACE = "9-d 1c-20 85 a0 1680 2000-200b 2028-2029 202f 205f 3000 feff"
# Radicals, 々〆〇, kana with its extensions, unified and compatibility ideographs, halfwidth
# kana, and the two planes that hold nothing but ideographs.
SINGLE = (
    "2e80-2fdf 3005-3007 3040-30ff 31f0-31ff 3400-4dbf 4e00-9fff f900-faff ff66-ff9f "
    "1aff0-1b16f 20000-3ffff"
)
# Thai, Lao, Khmer, Khmer symbols.
UNSPACED = "e00-eff 1780-17ff 19e0-19ff"

CHARACTERS_PER_UNSPACED_WORD = 3


def characters(ranges: str) -> str:
    """The inside of a character class for a table of ranges."""
    return "".join(
        "-".join(re.escape(chr(int(point, 16))) for point in part.split("-"))
        for part in ranges.split()
    )


_WORD = re.compile(
    f"[{characters(SINGLE)}]"
    f"|(?P<unspaced>[{characters(UNSPACED)}]+)"
    f"|[^{characters(SPACE + ' ' + SINGLE + ' ' + UNSPACED)}]+"
)


def count_words(text: str) -> int:
    """The number of words in a text, in any script."""
    return sum(
        ceil(len(match["unspaced"]) / CHARACTERS_PER_UNSPACED_WORD) if match["unspaced"] else 1
        for match in _WORD.finditer(text)
    )


@deconstructible
class MaxWordsValidator:
    """Refuses a text of more than `limit` words, and says by how many to shorten it."""

    message = ngettext_lazy(
        "Please shorten this by %(over)d word.", "Please shorten this by %(over)d words.", "over"
    )
    code = "max_words"

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, value: str) -> None:
        over = count_words(value) - self.limit
        if over > 0:
            raise ValidationError(self.message, code=self.code, params={"over": over})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MaxWordsValidator) and self.limit == other.limit

    def __hash__(self) -> int:
        return hash(self.limit)


class WordsField(TextField):
    """A long text of at most `max_words` words: checked here, counted down in the page."""

    widget = forms.Textarea

    def __init__(self, *, max_words: int, **kwargs: Any) -> None:
        self.max_words = max_words
        super().__init__(**kwargs)
        self.validators.append(MaxWordsValidator(max_words))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-max-words": self.max_words}
