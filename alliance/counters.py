"""The limit of a field as its page shows it: how much of it is used, and what is left."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.words import count_words


@dataclass(frozen=True)
class Counter:
    """A limit shown beside its field; the three texts carry `{n}`, which the script fills in."""

    used: int
    limit: int
    total: str
    left: str
    over: str

    @property
    def style(self) -> str:
        return "count over" if self.used > self.limit else "count"

    @property
    def total_text(self) -> str:
        return self.total.replace("{n}", str(self.used))

    @property
    def rest_text(self) -> str:
        rest = self.limit - self.used
        return (self.left if rest >= 0 else self.over).replace("{n}", str(abs(rest)))


def counter_of(field: BoundField) -> Counter | None:
    """What stands beside the field; None where it has no limit that people should see."""
    widget = field.field.widget
    attrs: dict[str, Any] = widget.attrs
    if "data-max-words" in attrs:
        limit = int(attrs["data-max-words"])
        used = count_words(str(field.value() or ""))
        total = ngettext("{n} of %(limit)d word", "{n} of %(limit)d words", limit)
    elif "data-max-choices" in attrs and isinstance(widget, forms.RadioSelect):
        limit = int(attrs["data-max-choices"])
        used = len(field.value() or ())
        total = ngettext("{n} of %(limit)d chosen", "{n} of %(limit)d chosen", limit)
    elif getattr(widget, "input_type", "") == "text" and getattr(field.field, "max_length", None):
        limit = int(getattr(field.field, "max_length", 0))
        used = len(str(field.value() or "").strip())
        total = ngettext("{n} of %(limit)d character", "{n} of %(limit)d characters", limit)
    else:
        return None
    return Counter(
        used=used,
        limit=limit,
        total=total % {"limit": limit},
        # Translators: {n} is a number that the page fills in; word it so that any number fits.
        left=_("{n} left"),
        # Translators: {n} is a number that the page fills in; word it so that any number fits.
        over=_("{n} too many"),
    )
