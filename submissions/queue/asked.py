"""What an address asks of the queue. Every query string goes through the form here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.text import Text
from submissions.queue.facets import FACETS

TEXT_LENGTH = 200
# Of 100,000 cases by 50; further on nobody reads.
MOST_PAGES = 2000
DEFAULT_TAB = "secretariat"


def _waiting_for_long() -> str:
    days = settings.CASES_OVERDUE_AFTER_DAYS
    return ngettext(
        "Waiting for us for over a day", "Waiting for us for over %(days)d days", days
    ) % {"days": days}


TABS: dict[str, Text] = {
    DEFAULT_TAB: _("Waiting for us"),
    "mine": _("Mine"),
    "unassigned": _("Nobody's yet"),
    "applicant": _("Waiting for the applicant"),
    "decision": _("For decision"),
    "long": lazy(_waiting_for_long, str)(),
    "overdue": _("Answers overdue"),
    "changes": _("Changes to what is published"),
    "all": _("All, closed ones too"),
}
# The name in the address, and the columns; where several are equal, the oldest comes first.
SORTS = {
    "": ("submitted_at", "id"),
    "newest": ("-submitted_at", "-id"),
    "waiting": ("status_at", "id"),
    "moved": ("-status_at", "-id"),
    "name": ("title", "id"),
    "name_back": ("-title", "-id"),
    "due": ("due_first", "submitted_at", "id"),
}
_CODE = re.compile(r"[A-Za-z0-9_-]{1,50}")
_NUMBER = re.compile(r"[0-9]{1,9}")


class _CodeField(forms.CharField):
    """A code of a list, or nothing: what cannot be one is left out, as no person typed it."""

    pattern = _CODE

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> str:
        code = super().to_python(value) or ""
        return code if self.pattern.fullmatch(code) else ""


class _NumberField(_CodeField):
    pattern = _NUMBER


class QueueForm(forms.Form):
    """The state of the list, as it stands in the address."""

    queue = _CodeField()
    q = forms.CharField(required=False, max_length=TEXT_LENGTH)
    kind = _CodeField()
    status = _CodeField()
    turn = _CodeField()
    assignee = _CodeField()
    level = _CodeField()
    clearance = _CodeField()
    hits = _CodeField()
    region = _CodeField()
    country = _CodeField()
    partner_category = _CodeField()
    sdg = _CodeField()
    theme = _CodeField()
    organization = _NumberField()
    sort = _CodeField()
    page = _NumberField()


@dataclass(frozen=True)
class Asked:
    """One state of the list: `chosen` maps a facet to the code that it is narrowed to."""

    tab: str = DEFAULT_TAB
    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    organization: int | None = None
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, params: QueryDict | Mapping[str, str]) -> Self:
        """What can be read of a query string; the rest is as if it were not there."""
        form = QueueForm(params)
        form.full_clean()
        read = form.cleaned_data
        number = read.get("organization")
        return cls(
            tab=read["queue"] if read.get("queue") in TABS else DEFAULT_TAB,
            text=read.get("q", ""),
            chosen={name: read[name] for name in FACETS if read.get(name)},
            organization=int(number) if number else None,
            sort=read["sort"] if read.get("sort") in SORTS else "",
            page=min(max(int(read.get("page") or 1), 1), MOST_PAGES),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen or self.text or self.organization)

    def parameters(self) -> list[tuple[str, str]]:
        """What the address of this state says, its page left out."""
        values = {
            "queue": "" if self.tab == DEFAULT_TAB else self.tab,
            "q": self.text,
            **self.chosen,
            "organization": self.organization or "",
            "sort": self.sort,
        }
        return [(name, str(value)) for name, value in values.items() if value]

    def query(self) -> str:
        """The query string of this state, its page left out; empty for the list as it opens."""
        return urlencode(self.parameters())

    def with_choice(self, facet: str, code: str) -> Self:
        """The same list with one facet narrowed to `code`, or, where it is empty, no longer."""
        chosen = {name: value for name, value in self.chosen.items() if name != facet}
        return replace(self, chosen=chosen | ({facet: code} if code else {}), page=1)
