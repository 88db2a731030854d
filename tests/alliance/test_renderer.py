"""Simple widgets are drawn without templates, to the letter as Django's templates draw them."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting, get_default_renderer
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from alliance.renderer import Renderer

ATTRIBUTES: list[dict[str, Any]] = [
    {},
    {"id": "id_answer", "maxlength": 1200, "required": True, "maxlength-off": False},
    {"placeholder": '<b>"&"</b>', "aria-label": gettext_lazy("Search"), "data-n": 0},
]
VALUES = [None, "", 0, 12.5, True, "5 < 7 & 'so' \"on\"", SafeString("<b>"), "\nfirst", ["a"]]


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput,
        forms.EmailInput,
        forms.URLInput,
        forms.NumberInput,
        forms.DateInput,
        forms.PasswordInput,
        forms.HiddenInput,
        forms.CheckboxInput,
        forms.Textarea,
        forms.Select,
    ],
)
@pytest.mark.parametrize("attributes", ATTRIBUTES)
@pytest.mark.parametrize("value", VALUES)
def test_a_widget_is_drawn_as_by_djangos_templates(
    widget: type[forms.Widget], attributes: dict[str, Any], value: Any
) -> None:
    ours, djangos = (
        widget(attributes).render("answer<", value, renderer=renderer)
        for renderer in (Renderer(), TemplatesSetting())
    )
    assert ours == djangos
    assert isinstance(ours, SafeString)


def test_every_form_is_drawn_by_it() -> None:
    assert isinstance(get_default_renderer(), Renderer)
