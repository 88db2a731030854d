"""Several names in one field of the list: "A; B", "A (B)", "C (original script: D)"."""

import re
from collections.abc import Iterator

from organizations.screening.spelling import own_script

# What is said about a name in the same field, and lettered items ("a) … b) …").
_REMARK = re.compile(
    r"\(original script\)|original script:|,?\s+born\s.*$|-?\s*sub-unit name", re.IGNORECASE
)
_LETTERED = re.compile(r"(?:^|(?<=\s))[a-z]\)\s")


def names_in(written: str) -> Iterator[tuple[str, bool]]:
    """The names that a field holds, each with whether it is a name for certain.

    What stands in brackets is one where it is a list, or the same in another script; otherwise it
    may be an acronym, a place or a remark ("combat name"). The field as a whole comes last where
    it was taken apart, so that whoever types all of it finds it.
    """
    text = " ".join(_LETTERED.sub(" ; ", written).split())
    outside, bracketed = _apart(_REMARK.sub(" ", text))
    found = [(name, True) for name in _items(outside)]
    for inner in bracketed:
        is_name = ";" in inner or bool(own_script(inner)[0]) != bool(own_script(outside)[0])
        found += [(name, is_name) for name, is_certain in names_in(inner) if is_certain]
    if found != [(written, True)]:
        found.append((written, False))
    seen = set()
    for name, is_certain in found:
        if name and name not in seen:
            seen.add(name)
            yield name, is_certain


def _apart(text: str) -> tuple[str, list[str]]:
    """The text without its outermost brackets, and what stood in each of them."""
    outside, inside, depth = "", [""], 0
    for sign in text:
        if sign == "(":
            depth += 1
            if depth == 1:
                continue
        if sign == ")" and depth:
            depth -= 1
            if depth == 0:
                inside.append("")
                outside += " "
                continue
        if depth:
            inside[-1] += sign
        else:
            outside += sign
    return outside, [text for text in inside if text.strip()]


def _items(text: str) -> list[str]:
    return [name for part in text.split(";") if (name := " ".join(part.split()).strip(" ,()"))]
