"""Choice fields that learn what they offer when their form is made."""

from collections.abc import Iterable

from django import forms

from alliance.text import Text


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    """The form's own copy of a choice field. Raises TypeError where it is of another kind."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a choice field")
    return field


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Text]]) -> None:
    choice_field(form, name).choices = list(choices)
