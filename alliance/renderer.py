"""How widgets become HTML: by Django's templates, and the simple ones without.

A page with a form has dozens of inputs, and three templates for each were a good part of it.
"""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

_INPUTS = frozenset(
    f"django/forms/widgets/{name}.html"
    for name in ("text", "email", "url", "number", "date", "password", "hidden", "checkbox")
)
_TEXTAREA = "django/forms/widgets/textarea.html"


class Renderer(TemplatesSetting):
    """Draws single inputs and text areas itself, to the letter as Django's templates do."""

    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> SafeString:
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name == _TEXTAREA:
            return _textarea(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _input(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    shown = "" if value is None else format_html(' value="{}"', value)
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        shown,
        _attributes(widget),
    )


def _textarea(widget: dict[str, Any]) -> SafeString:
    text = conditional_escape(widget["value"] or "")
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), text
    )


def _attributes(widget: dict[str, Any]) -> SafeString:
    drawn = (
        f" {conditional_escape(name)}" if value is True else format_html(' {}="{}"', name, value)
        for name, value in widget["attrs"].items()
        if value is not False
    )
    return SafeString("".join(drawn))
