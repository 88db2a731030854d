"""The form that looks a name up in the sanctions list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.fields import TextField
from organizations.forms.due_diligence import WithCountry
from organizations.models import ListedEntry


class ListSearchForm(WithCountry):
    """A name, and whatever is known besides to tell namesakes apart."""

    field_order = ("name", "kind", "birth_year", "country")

    name = TextField(
        label=_("Name"),
        help_text=_("In any script and any order of words; errors in letters are forgiven."),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": _("Write a name.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Not known")), *ListedEntry.Kind.choices]
    )

    def asked(self) -> dict[str, Any]:
        """What `look_up` is asked for; ask only where the form is valid."""
        kind, country = self.cleaned_data["kind"], self.cleaned_data["country"]
        return {
            "name": self.cleaned_data["name"],
            "is_person": kind == ListedEntry.Kind.PERSON if kind else None,
            "birth_year": self.cleaned_data["birth_year"],
            "country": country.name_en if country else "",
        }
