"""What the library's addresses may ask: every query string goes through a form."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alliance.browsing.forms import TEXT_LENGTH, CodesField, ListForm
from knowledge.search import BEST, NEWEST, TITLE, Query

# Of the address of a list with many filters.
BACK_LENGTH = 2000

_YEAR = re.compile(r"[0-9]{4}")


class LibraryForm(ListForm):
    """The state of the library's list, as it stands in the address."""

    ORDERS = [(BEST, _("Best match")), (NEWEST, _("Newest")), (TITLE, _("Title"))]

    q = forms.CharField(label=_("Search the library"), required=False, max_length=TEXT_LENGTH)
    theme = CodesField()
    region = CodesField()
    country = CodesField()
    sdg = CodesField()
    publisher = CodesField(pattern=None)
    year = CodesField(_YEAR)
    language = CodesField()

    def query(self) -> Query:
        asked = super().query()
        return Query(asked.text, asked.chosen, asked.sort)


class DownloadsForm(forms.Form):
    """Of which year, and of which report, the downloads are shown."""

    year = forms.IntegerField(required=False)
    report = forms.IntegerField(required=False, min_value=1, max_value=10**18)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years

    def chosen(self) -> tuple[int, int | None]:
        """A year that there are numbers of, the newest by default; a report's number, or none."""
        self.full_clean()
        year = self.cleaned_data.get("year")
        return year if year in self.years else self.years[0], self.cleaned_data.get("report")


class EditionChoiceForm(forms.Form):
    """Which language of a report is asked for; nothing, where the address names none."""

    language = CodesField()


class TextForm(forms.Form):
    """What the address of a page of text says: the words looked for, and the results left."""

    q = forms.CharField(required=False, max_length=TEXT_LENGTH)
    back = forms.CharField(required=False, max_length=BACK_LENGTH)

    def clean_back(self) -> str:
        """Only the library's list is led back to; anything else is left out."""
        try:
            parts = urlsplit(self.cleaned_data["back"])
        except ValueError:
            return ""
        is_list = (parts.scheme, parts.netloc, parts.path) == ("", "", reverse("library:list"))
        return urlunsplit(("", "", parts.path, parts.query, "")) if is_list else ""

    @cached_property
    def carried(self) -> dict[str, str]:
        """What the addresses of other pages say too; what could not be read is left out."""
        self.full_clean()
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}

    @property
    def text(self) -> str:
        return self.carried.get("q", "")

    @property
    def results_address(self) -> str:
        """The results that the reader came from, or those of the same words; empty without any."""
        if "back" in self.carried:
            return self.carried["back"]
        return f"{reverse('library:list')}?{urlencode({'q': self.text})}" if self.text else ""
