"""What was typed, as a draft keeps it: field names with lists of strings, valid or not."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

Typed = dict[str, list[str]]

# Of one field, all its values together: ten times the longest text that a form takes. What is
# longer is kept up to here, and its writer is told.
MAX_CHARACTERS = 20_000


def typed_from(data: MultiValueDict[str, str], names: Iterable[str]) -> Typed:
    """The posted values of these fields, in a form that PostgreSQL can hold."""
    return {name: list(_storable(data.getlist(name))) for name in names if name in data}


def cut_words(data: MultiValueDict[str, str], fields: Mapping[str, forms.Field]) -> list[str]:
    """A sentence for each field whose text is longer than a draft keeps."""
    return [
        _("“%(field)s” is too long to be kept whole. Please shorten it.") % {"field": field.label}
        for name, field in fields.items()
        if sum(map(len, data.getlist(name))) > MAX_CHARACTERS
    ]


def _storable(values: Iterable[str]) -> Iterator[str]:
    """Without NUL and lone surrogates, which no JSON column takes and no person types."""
    left = MAX_CHARACTERS
    for value in values:
        plain = value.replace("\0", "").encode("utf-8", "replace").decode()[:left]
        if plain or not value:
            yield plain
        left -= len(plain)


def typed_of(answers: Mapping[str, Any]) -> Typed:
    """What somebody types to give the answers of a revision; the declaration is not among them."""
    return {name: _as_typed(value) for name, value in answers.items() if value}


def _as_typed(value: Any) -> list[str]:
    if isinstance(value, list):
        return [choice["code"] for choice in value]
    return [value["code"] if isinstance(value, dict) else str(value)]


def as_posted(typed: Typed) -> QueryDict:
    """The draft as if it had just been posted, to be checked by its form."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def as_initial(typed: Typed, fields: dict[str, forms.Field]) -> dict[str, Any]:
    """The draft as a form's initial values, to be shown without complaints."""
    data = as_posted(typed)
    return {
        name: field.widget.value_from_datadict(data, MultiValueDict(), name)
        for name, field in fields.items()
        if name in typed and not isinstance(field, forms.FileField)
    }


def version_in(posted: QueryDict) -> int:
    """The version that a page was made from; 0 where it says none."""
    value = posted.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0
