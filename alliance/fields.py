"""Text as people read it: without characters that show nothing, or show the rest in another order.

Whoever reads a name must see what is compared with the sanctions list, and a name must not be two
because one of them holds something invisible.
"""

import re
from typing import Any

from django import forms

# What shows nothing, in hexadecimal: controls but for tab and the ends of lines, soft hyphen,
# Mongolian vowel separator, zero width space, embeddings and overrides of direction, word joiner
# and invisible operators, isolates of direction, byte order mark, annotations, tags.
# NUL is left: fields refuse it. Marks of direction (200E, 200F, 061C) and joiners (200C, 200D) are
# left too: Arabic, Hebrew, Persian and the scripts of India are written with them.
_INVISIBLE = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def without_invisible(text: str) -> str:
    return _INVISIBLE.sub("", text)


class TextField(forms.CharField):
    """A text in which everything can be seen: what shows nothing is taken out."""

    def to_python(self, value: Any) -> Any:
        text: str | None = super().to_python(value)
        if not text:
            return text
        text = without_invisible(text)
        text = text.strip() if self.strip else text
        return text or self.empty_value
