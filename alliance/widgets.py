"""Widgets that the look needs beside Django's own."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from alliance.text import Text

# The group that an option stands in (None for no group), its value, its label.
Option = tuple[str | None, str, str]


class FastSelect(forms.Select):
    """A select whose options are joined as text, not rendered by one template each.

    A list of two hundred countries costs next to nothing; its options are kept per set of
    labels, so once per language.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = list(_options(tuple(self._flat_choices())))
        chosen = {str(item) for item in self.format_value(value)}
        html = "".join(
            text.replace(">", " selected>", 1) if key in chosen else text for key, text in options
        )  # each part was escaped when it was made
        final = self.build_attrs(self.attrs, attrs)
        if self.allow_multiple_selected:
            final["multiple"] = True
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(final), SafeString(html)
        )

    def _flat_choices(self) -> Iterator[Option]:
        for value, label in self.choices:
            if isinstance(label, (list, tuple)):
                for inner, inner_label in label:
                    yield str(value), self._key(inner), str(inner_label)
            else:
                yield None, self._key(value), str(label)

    @staticmethod
    def _key(value: Any) -> str:
        return "" if value is None else str(value)


class FastSelectMultiple(FastSelect, forms.SelectMultiple):
    """The same for a list of which several may be chosen."""


@lru_cache(maxsize=128)
def _options(choices: tuple[Option, ...]) -> tuple[tuple[str | None, str], ...]:
    """Each option as (value, HTML); the tags of a group have the value None."""
    rendered: list[tuple[str | None, str]] = []
    for group, members in groupby(choices, key=itemgetter(0)):
        options: list[tuple[str | None, str]] = [
            (value, format_html('<option value="{}">{}</option>', value, label))
            for _, value, label in members
        ]
        if group is not None:
            opening = format_html('<optgroup label="{}">', group)
            options = [(None, opening), *options, (None, "</optgroup>")]
        rendered += options
    return tuple(rendered)


class FastCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes joined as text like the options of `FastSelect`, with small print under them.

    `descriptions` are the small prints by value.
    """

    def __init__(
        self, *args: Any, descriptions: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.descriptions = descriptions or {}

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = {str(item) for item in value or ()}
        choices = (
            (str(key), str(label), self.descriptions.get(str(key), ""))
            for key, label in self.choices
        )
        boxes = _boxes(name, str((attrs or {}).get("id", "")), tuple(choices))
        # Each part was escaped when it was made.
        return SafeString(
            "".join(
                f"{opening} checked{rest}" if key in chosen else opening + rest
                for key, opening, rest in boxes
            )
        )


@lru_cache(maxsize=128)
def _boxes(
    name: str, group_id: str, choices: tuple[tuple[str, str, str], ...]
) -> tuple[tuple[str, str, str], ...]:
    """Each box as its value and the HTML on either side of `checked`."""
    opening = '<label class="choice"><input type="checkbox" name="{}" value="{}" id="{}_{}"'
    return tuple(
        (
            value,
            format_html(opening, name, value, group_id, number),
            format_html(
                "><span>{}{}</span></label>",
                label,
                format_html(" <small>{}</small>", small) if small else "",
            ),
        )
        for number, (value, label, small) in enumerate(choices)
    )


class DescribedRadios(forms.RadioSelect):
    """Radio buttons with small print under them, by value."""

    def __init__(
        self, *args: Any, descriptions: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.descriptions = descriptions or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"description": self.descriptions.get(str(value), "")}


class SdgPicker(forms.CheckboxSelectMultiple):
    """The seventeen goals as tiles; the values are their codes, `sdg-01` to `sdg-17`."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"goal": goal_number(str(value))}


def goal_number(code: str) -> int:
    """The number in the code of a goal, as 7 in `sdg-07`."""
    return int(code.rpartition("-")[2])


class StatementCheckbox(forms.CheckboxInput):
    """A tick beside a statement: the field's label stands above, the statement beside the box."""

    def __init__(self, statement: Text, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.statement = statement
