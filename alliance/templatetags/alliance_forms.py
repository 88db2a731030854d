"""How a field of a form is drawn: what the templates of the crispy pack ask for."""

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from alliance.counters import Counter, counter_of
from alliance.drawing import OpenField, draw_field
from alliance.widgets import FastCheckboxes, SdgPicker, StatementCheckbox

register = template.Library()
register.simple_tag(draw_field, name="draw")

# What a group carries itself, instead of each of its boxes.
GROUP_ATTRIBUTES = ("data-max-choices", "data-other-of", "data-other-value")
GROUPS = {"choices", "goals", "boxes"}


@dataclass(frozen=True)
class Parts:
    """One field, ready to be laid out."""

    # "input", "checkbox", "statement", "choices", "goals", "boxes", "password", "file", "held"
    kind: str
    id: str
    # Has a star: wants an answer, or does once the answer is chosen that opens it.
    starred: bool
    described_by: str
    counter: Counter | None
    control: SafeString
    options: list[dict[str, Any]]
    group_attributes: SafeString


@register.simple_tag
def parts(field: BoundField) -> Parts:
    """What `alliance/field.html` lays out for one field."""
    kind = _kind(field)
    counter = field.counter if isinstance(field, OpenField) else counter_of(field)
    described_by = _described_by(field, counter)
    grouped = kind in GROUPS and kind != "boxes"
    return Parts(
        kind=kind,
        id=field.auto_id,
        starred=field.field.required or "data-other-of" in field.field.widget.attrs,
        described_by=described_by,
        counter=counter,
        control=SafeString() if grouped else _control(field, kind, counter, described_by),
        options=_options(field) if grouped else [],
        group_attributes=_group_attributes(field) if kind in GROUPS else SafeString(),
    )


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, SdgPicker):
        return "goals"
    if isinstance(widget, FastCheckboxes):
        return "boxes"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, StatementCheckbox):
        return "statement"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    if isinstance(widget, forms.FileInput):
        return "held" if hasattr(widget, "held") else "file"
    return "input"


def _described_by(field: BoundField, counter: Counter | None) -> str:
    ids = [
        f"{field.auto_id}-hint" if field.help_text else "",
        f"{field.auto_id}-error" if field.errors else "",
        f"{field.auto_id}-count" if counter else "",
    ]
    return " ".join(part for part in ids if part)


def _control(
    field: BoundField, kind: str, counter: Counter | None, described_by: str
) -> SafeString:
    attrs: dict[str, Any] = {}
    if described_by:
        attrs["aria-describedby"] = described_by
    if kind == "statement":
        attrs["aria-labelledby"] = f"{field.auto_id}-label {field.auto_id}-statement"
    if counter and "data-max-words" not in field.field.widget.attrs:
        # The browser would cut what is pasted; the counter says what is too much instead.
        attrs |= {"data-max-characters": counter.limit, "maxlength": False}
    return field.as_widget(attrs=attrs)


def _group_attributes(field: BoundField) -> SafeString:
    attrs = field.field.widget.attrs
    return flatatt({name: attrs[name] for name in GROUP_ATTRIBUTES if name in attrs})


def _options(field: BoundField) -> list[dict[str, Any]]:
    """The choices of a group, each with its attributes as text."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": field.auto_id})
    attrs.pop("aria-describedby", None)
    values = widget.format_value(field.value())
    options = []
    for _group, members, _index in widget.optgroups(field.html_name, values, attrs):
        for option in members:
            kept = {
                name: value
                for name, value in option["attrs"].items()
                if name != "class" and name not in GROUP_ATTRIBUTES
            }
            options.append(option | {"attributes": flatatt(kept)})
    return options


@register.simple_tag
def error_list(form: BaseForm) -> list[dict[str, str]]:
    """The lines of the error summary: text, label, and the id of the control, if there is one."""
    lines = [{"label": "", "text": str(text), "id": ""} for text in form.non_field_errors()]
    groups: dict[str, dict[str, Any]] = {}
    for field in form:
        group = getattr(field.field, "summary_group", None)
        if field.errors and group:
            line = groups.setdefault(str(group), {"count": 0, "id": first_id(field)})
            line["count"] += 1
        elif field.errors:
            hidden = field.is_hidden
            lines.append(
                {
                    "label": "" if hidden else str(field.label).rstrip(" :"),
                    "text": " ".join(map(str, field.errors)),
                    "id": "" if hidden else first_id(field),
                }
            )
    for label, line in groups.items():
        text = ngettext(
            "%(count)d answer needs another look",
            "%(count)d answers need another look",
            line["count"],
        )
        lines.append({"label": label, "text": text % line, "id": line["id"]})
    return lines


def first_id(field: BoundField) -> str:
    """The id of a field's control, of the first one where it is a group."""
    if _kind(field) in GROUPS:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id
