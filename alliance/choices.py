"""Choice fields that learn what they offer when their form is made."""

from collections.abc import Iterable, Iterator

from django import forms
from django.utils.choices import BaseChoiceIterator

from alliance.text import Text


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    """The form's own copy of a choice field. Raises TypeError where it is of another kind."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a choice field")
    return field


class _Ready(BaseChoiceIterator):
    """Pairs as they are: Django looks through every choice of a list, for groups within it."""

    def __init__(self, pairs: list[tuple[str, Text]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, Text]]:
        return iter(self.pairs)

    def __deepcopy__(self, memo: dict[int, object]) -> "_Ready":
        return self  # nobody changes them

    def __len__(self) -> int:
        return len(self.pairs)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Text]]) -> None:
    choice_field(form, name).choices = _Ready(list(choices))
