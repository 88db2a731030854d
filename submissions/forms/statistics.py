"""Which year is told of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class YearForm(forms.Form):
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._newest = years[0]
        field = self.fields["year"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(year, str(year)) for year in years]

    def chosen(self) -> int:
        """The year asked for; the newest where none, or none that there is, was."""
        year: int = self.cleaned_data["year"] if self.is_valid() else self._newest
        return year
