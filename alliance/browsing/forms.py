"""What the address of a list may ask: every query string goes through a form."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from alliance.browsing.asked import Query
from alliance.text import Text

TEXT_LENGTH = 200
CODES_PER_FACET = 20

_CODE = re.compile(r"[A-Za-z0-9-]{1,50}")
_PAGE = re.compile(r"[0-9]{1,6}")


class CodesField(forms.Field):
    """The choices of one facet. What cannot be a code is left out, as no person typed it."""

    widget = forms.MultipleHiddenInput

    def __init__(self, pattern: re.Pattern[str] | None = _CODE) -> None:
        super().__init__(required=False)
        self.pattern = pattern

    def to_python(self, value: Iterable[str] | None) -> list[str]:
        codes = dict.fromkeys(value or [])
        return [code for code in codes if self._is_sound(code)][:CODES_PER_FACET]

    def _is_sound(self, code: str) -> bool:
        if self.pattern is None:
            return 0 < len(code) <= TEXT_LENGTH and "\0" not in code
        return self.pattern.fullmatch(code) is not None


class PageForm(forms.Form):
    """Which page of a list is asked for, as it stands in its address."""

    page = forms.CharField(required=False)

    def clean_page(self) -> int:
        page = self.cleaned_data["page"]
        return max(int(page), 1) if _PAGE.fullmatch(page) else 1

    def number(self) -> int:
        self.full_clean()
        return int(self.cleaned_data.get("page", 1))


class ListForm(PageForm):
    """The state of a list, as it stands in its address; each facet is a `CodesField`."""

    ORDERS: ClassVar[list[tuple[str, Text]]]

    q = forms.CharField(required=False, max_length=TEXT_LENGTH)
    sort = forms.CharField(required=False)

    def clean_sort(self) -> str:
        sort = self.cleaned_data["sort"]
        return sort if sort in dict(self.ORDERS) else ""

    @property
    def facet_names(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, CodesField)]

    def query(self) -> Query:
        """What was asked for, without the parts that could not be read."""
        self.full_clean()
        cleaned: dict[str, Any] = self.cleaned_data
        return Query(
            text=cleaned.get("q", ""),
            chosen={name: cleaned[name] for name in self.facet_names if cleaned.get(name)},
            sort=cleaned.get("sort", ""),
        )
