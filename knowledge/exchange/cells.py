"""What stands in one cell: texts that no spreadsheet runs, lists of codes, names of people.

Each pair of functions is the inverse of the other, whatever the text.
"""

import re
from collections.abc import Iterable, Sequence

from alliance.spreadsheets import harmless

_ESCAPED = re.compile(r"([\\,;])")


def defused(text: str) -> str:
    """A quote before what a spreadsheet would run as a formula.

    Texts that begin with quotes before such a sign get one more, so that it can be told again.
    """
    return f"'{text}" if _looks_dangerous(text) else text


def restored(text: str) -> str:
    """The text without the quote that `defused` put before it."""
    return text[1:] if text.startswith("'") and _looks_dangerous(text) else text


def _looks_dangerous(text: str) -> bool:
    bare = text.lstrip("'")
    return harmless(bare) != bare


def one_way(text: str) -> str:
    """Line ends as one sign, none around the text: what programs change on the way is no change."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def joined(values: Iterable[str]) -> str:
    return "; ".join(values)


def listed(text: str) -> list[str]:
    """The codes of a list, each once, in their order."""
    parts = (part.strip() for part in text.split(";"))
    return list(dict.fromkeys(part for part in parts if part))


# Family name, given name, title of the person.
Name = tuple[str, str, str]


def joined_names(names: Iterable[Name]) -> str:
    """`Mensah, Ama, Dr; Obi, Ada`: a comma or semicolon within a name has a backslash before it."""
    return "; ".join(", ".join(_without_empty_end(map(_escape, name))) for name in names)


def listed_names(text: str) -> list[Name]:
    """The people of a cell. Raises ValueError where one has more than three parts, or no name."""
    found = []
    for person in _split(text, ";"):
        parts = [_unescape(part).strip() for part in _split(person, ",")]
        if not any(parts):
            continue
        if len(parts) > 3 or not parts[0]:
            raise ValueError(person.strip())
        family, given, prefix = [*parts, "", ""][:3]
        found.append((family, given, prefix))
    return found


def _escape(part: str) -> str:
    return _ESCAPED.sub(r"\\\1", part)


def _unescape(part: str) -> str:
    return re.sub(r"\\([\\,;])", r"\1", part)


def _split(text: str, sign: str) -> list[str]:
    """At each `sign` that has no backslash before it; what is escaped stays escaped."""
    parts = re.findall(rf"((?:\\.|[^{sign}\\]|\\$)*)(?:{sign}|$)", text, re.DOTALL)
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts


def _without_empty_end(parts: Iterable[str]) -> Sequence[str]:
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    return kept
