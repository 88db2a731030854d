"""Two people's versions of one form, put together answer by answer.

A page carries the fingerprints of the answers that it was made from. So the portal can tell, also
without a script, who has changed which answer since: what only one of them touched is theirs.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.forms import BoundField, ChoiceField
from django.utils.translation import gettext as _

from alliance.text import Text
from submissions.typed import Typed

# The hidden field, which begins with a mark: a page whose answers were all empty has one too.
FIELD = "base"
_MARK = "base"


@dataclass(frozen=True)
class Merged:
    """`typed` holds all answers, one's own where both have changed one: `differing` names those."""

    typed: Typed
    differing: list[str]


@dataclass(frozen=True)
class Said:
    """An answer in the words of the form: a colleague's beside one's own, or one that came too late."""

    label: Text | None
    text: str


def base_of(typed: Typed) -> str:
    """Fingerprints of these answers, for the hidden field of a page that shows them."""
    told = (f"{name}:{_fingerprint(values)}" for name, values in typed.items() if any(values))
    return " ".join([_MARK, *told])


def shown_first(initial: Mapping[str, Any]) -> Typed:
    """What a browser posts of initial values that nobody has touched."""
    return {name: _posted(value) for name, value in initial.items()}


def merge(mine: Typed, theirs: Typed, base: str, names: Iterable[str]) -> Merged:
    """Both versions in one. Without a `base` every answer that differs is one to decide about."""
    mark, *told = base.split() or [""]
    known = dict(pair.partition(":")[::2] for pair in told)
    typed: Typed = {}
    differing = []
    for name in names:
        own, other = _fingerprint(mine.get(name, [])), _fingerprint(theirs.get(name, []))
        before = known.get(name, _NOTHING) if mark == _MARK else None
        is_theirs = own in {other, before}
        if not is_theirs and other != before:
            differing.append(name)
        said = theirs if is_theirs else mine
        if name in said:
            typed[name] = said[name]
    return Merged(typed, differing)


def as_said(field: BoundField, values: list[str], label: Text | None = None) -> Said:
    """What was typed into this field, as somebody reads it."""
    if isinstance(field.field, ChoiceField):
        offered = cast(Iterable[tuple[str, Text]], field.field.choices)
        labels = {code: str(label) for code, label in offered}
        text = ", ".join(labels.get(value, value) for value in values if value)
    elif values == ["on"]:
        text = _("Yes")
    else:
        text = "\n".join(values)
    return Said(label or field.label, text or _("Nothing"))


def _fingerprint(values: list[str]) -> str:
    """The same for answers that only lines or the order of boxes tell apart."""
    plain = sorted(value.replace("\r\n", "\n") for value in values if value)
    return hashlib.blake2s(json.dumps(plain).encode(), digest_size=6).hexdigest()


_NOTHING = _fingerprint([])


def _posted(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["on"] if value else []
    return [] if value is None else [str(value)]
