"""Fields of forms as HTML, each drawn once for as long as nobody has answered it.

An empty field looks alike for everybody who reads the same language, and drawing it by templates is
what a long form costs most. So the HTML of fields without answers and errors is kept in the
process, under everything that it is drawn from: a changed label or hint is another key. Choices are
too many for a key; a form that says in `drawn_from` what state of the vocabularies they come from
has its choice fields kept under that name. Nothing that a person typed is kept: of a field of text with
an answer, the HTML around the answer is, and around the count of its words.
"""

import secrets
from collections.abc import Callable, Hashable
from typing import Any

from django import forms
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from alliance.counters import Counter, counter_of
from alliance.widgets import (
    DescribedRadios,
    FastCheckboxes,
    FastSelect,
    SdgPicker,
    StatementCheckbox,
)

# More than all fields of all forms in six languages.
MOST_KEPT = 4000
_TICKS = frozenset({forms.CheckboxInput, StatementCheckbox})
_CHOICES = frozenset({FastSelect, FastCheckboxes, SdgPicker, DescribedRadios})
# What these show is known from their attributes alone. Other widgets say by `look(value)` what more it is;
# those that do not are drawn anew.
_PLAIN = _TICKS | {
    forms.TextInput,
    forms.EmailInput,
    forms.URLInput,
    forms.NumberInput,
    forms.PasswordInput,
    forms.Textarea,
}
# In these an answer stands as it is, escaped, and nothing else depends on it but the count.
_TEXTS = frozenset({forms.TextInput, forms.EmailInput, forms.URLInput, forms.Textarea})
_EMPTY: tuple[Any, ...] = (None, "", [], ())
# What nobody can type, as nobody knows it: where an answer and its count belong.
_ANSWER, _STYLE, _TOTAL, _REST = (secrets.token_hex(16) for _number in range(4))

_kept: dict[Hashable, SafeString] = {}


def kept(key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
    """What was drawn under this key, in the present language; drawn now if it was not yet."""
    key = (get_language(), key)
    html = _kept.get(key)
    if html is None:
        html = draw()
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = html
    return html


class _OpenCounter(Counter):
    """A count with places for what depends on the answer."""

    style, total_text, rest_text = _STYLE, _TOTAL, _REST


class OpenField(BoundField):
    """A field of text that is drawn with a place for its answer."""

    def __init__(self, field: BoundField) -> None:
        super().__init__(field.form, field.field, field.name)
        counter = counter_of(field)
        self.counter = counter and _OpenCounter(**vars(counter))

    def value(self) -> str:
        return _ANSWER


def draw_field(field: BoundField) -> SafeString:
    """A field as the pack lays it out: label, hint, error, control, count."""
    key = _look(field)
    if key is None:
        return _draw(field)
    if not _is_text(field):
        return kept(key, lambda: _draw(field))
    return _filled(kept(("open", key), lambda: _draw(OpenField(field))), field)


def _draw(field: BoundField) -> SafeString:
    return render_to_string("alliance/field.html", {"field": field})


def _is_text(field: BoundField) -> bool:
    """Whether an answer is there, of which nothing but its place is kept."""
    value = field.value()
    return type(field.field.widget) in _TEXTS and isinstance(value, str) and value != ""


def _filled(html: str, field: BoundField) -> SafeString:
    counter = counter_of(field)
    if counter is not None:
        html = html.replace(_STYLE, counter.style).replace(_TOTAL, counter.total_text)
        html = html.replace(_REST, counter.rest_text)
    answer = conditional_escape(field.field.widget.format_value(field.value()))
    # The answer comes last, so that nothing is looked for in it.
    return SafeString(html.replace(_ANSWER, answer))


def _look(field: BoundField) -> Hashable:
    """All that the field's HTML depends on; None where that is more than can be told."""
    inner, widget = field.field, field.field.widget
    kind = type(widget)
    source = _source(field)
    if source is None or field.errors:
        return None
    value = field.value()
    if kind in _TICKS and (value is True or not value):
        value = value is True
    elif isinstance(inner, forms.ChoiceField) and kind is FastSelect and inner.valid_value(value):
        value = str(value)
    elif value not in _EMPTY and not _is_text(field) and not hasattr(widget, "look"):
        return None
    else:
        value = None
    return (
        *(type(field.form), kind, source, value, field.html_name, field.auto_id),
        *(inner.required, inner.disabled, field.form.use_required_attribute),
        *(_said(field.label), _said(field.help_text), _said(getattr(widget, "statement", ""))),
        getattr(widget, "legend_hidden", False),
        tuple((name, _said(value)) for name, value in widget.attrs.items()),
    )


def _source(field: BoundField) -> Hashable:
    """What the widget shows beside its attributes; None where it cannot be told."""
    widget = field.field.widget
    if type(widget) in _PLAIN:
        return ""
    if type(widget) in _CHOICES:
        return getattr(field.form, "drawn_from", None)
    look = widget.look(field.value()) if hasattr(widget, "look") else None
    # Django says `required` of a file only where none was there before.
    return look and (look, bool(field.initial))


def _said(text: Any) -> Hashable:
    """A text with whether it counts as HTML: both can look the same and be drawn differently."""
    if isinstance(text, Promise):
        text = str(text)
    return (str(text), hasattr(text, "__html__"))
