"""Signs as a PDF gives them, made into those that people write.

Presentation forms are folded, since nobody types them into a search; what means something by its
form, such as the small figures of footnotes and the wide punctuation of Chinese, stays. Used in a
bare interpreter, so it needs nothing but Python.
"""

import re
import unicodedata

# PDFium gives the first two for a hyphen that ends a line; the last is the soft hyphen.
SOFT_HYPHENS = "\x02\ufffe\u00ad"
SOFT_HYPHEN = "\u00ad"

# Ligatures of Latin, Hebrew and Arabic forms; letters and figures of full width; half width kana.
_FORMS = re.compile(
    "[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff65-\uff9f]+"
)
_SPACES = re.compile(r"[^\S\n]+")
# Symbol fonts put their signs into the private area; these are bullets in all of them.
_BULLETS = re.compile("[\uf0a7\uf0b7\uf0a8\uf076\u2022\u25cf\uf06e]")
# Joiners shape letters of Persian and Hindi, so they stay.
_UNSEEN = re.compile("[\u200b\u2060\ufeff\ufff9-\ufffd]")


def tidy(text: str) -> str:
    """The text in the signs that people type; soft hyphens stay, all as one sign.

    Without control signs, halves of pairs, signs that mean nothing, and spaces side by side.
    """
    text = re.sub(f"[{SOFT_HYPHENS}]", SOFT_HYPHEN, text)
    text = _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _UNSEEN.sub("", _BULLETS.sub("\u2022", text))
    text = _SPACES.sub(" ", "".join(sign for sign in text if _is_kept(sign)))
    return unicodedata.normalize("NFC", text).strip()


def _is_kept(sign: str) -> bool:
    if sign.isspace():
        return True
    category = unicodedata.category(sign)
    # Control signs, halves of pairs, private and unassigned ones; of format signs joiners alone.
    return category not in {"Cc", "Cs", "Co", "Cn"} and (
        category != "Cf" or sign in f"\u200c\u200d{SOFT_HYPHEN}"
    )
