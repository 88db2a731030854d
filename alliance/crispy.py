"""Parts of a form's layout, as the look draws them."""

from collections.abc import Container
from typing import Any, Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from alliance import unsent
from alliance.drawing import draw_field
from alliance.drawn_pages import gap
from alliance.text import Text


class _Fields(LayoutObject):
    """Fields by their names, and parts that draw themselves."""

    def get_rendered_fields(
        self,
        form: BaseForm,
        context: Context,
        template_pack: Any = TEMPLATE_PACK,
        **kwargs: Any,
    ) -> SafeString:
        drawn = (
            _draw(part, form)
            if isinstance(part, str)
            else part.render(form, context, template_pack=template_pack, **kwargs)
            for part in self.fields
        )
        return SafeString("".join(drawn))


def _draw(name: str, form: Any) -> SafeString:
    """A field, noted as drawn: crispy adds what nobody has drawn at the end of the form.

    A gap in a page that is drawn for everybody, where the form starts with an answer in it.
    """
    form.rendered_fields.add(name)
    return gap(name) if name in getattr(form, "left_open", ()) else draw_field(form[name])


class _Parts(_Fields, Layout):
    """All of a form."""


class _Block(_Fields):
    """Fields within a template of the pack."""

    template = ""

    def __init__(self, *fields: Any) -> None:
        self.fields = list(fields)

    def only(self, names: Container[str]) -> Self:
        """Itself, with no other fields than these; empty where it has none of them."""
        parts = (
            part.only(names) if isinstance(part, _Block) else part
            for part in self.fields
            if (part in names if isinstance(part, str) else _shows(part, names))
        )
        self.fields = [part for part in parts if not isinstance(part, _Block) or part.fields]
        return self

    def render(
        self,
        form: BaseForm,
        context: Context,
        template_pack: Any = TEMPLATE_PACK,
        **kwargs: Any,
    ) -> SafeString:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"block": self, "fields": fields})


def _shows(part: LayoutObject, names: Container[str]) -> bool:
    """Whether a part draws one of these fields; one that names none decides by itself."""
    fields = getattr(part, "fields", [])
    is_plain = fields and all(isinstance(field, str) for field in fields)
    return not is_plain or any(field in names for field in fields)


class Section(_Block):
    """One question block: a heading, a hint, its fields.

    `css_id` is what a link may lead to, and `short` what such a link may call it.
    """

    template = "alliance/layout/section.html"

    def __init__(
        self,
        title: Text,
        *fields: Any,
        css_id: str = "",
        hint: Text = "",
        required: bool = False,
        short: Text = "",
    ) -> None:
        super().__init__(*fields)
        self.title = title
        self.short = short or title
        self.css_id = css_id
        self.hint = hint
        self.required = required


class Group(_Block):
    """Fields that belong together within a section, under a smaller heading."""

    template = "alliance/layout/group.html"

    def __init__(self, title: Text, *fields: Any) -> None:
        super().__init__(*fields)
        self.title = title


class Pair(_Block):
    """Two fields side by side where there is room."""

    template = "alliance/layout/pair.html"


class Folded(_Block):
    """Fields that few people want, behind their title; open where one of them says something."""

    template = "alliance/layout/folded.html"
    is_open = False

    def __init__(self, title: Text, *fields: str) -> None:
        super().__init__(*fields)
        self.title = title

    def render(self, form: BaseForm, *args: Any, **kwargs: Any) -> SafeString:
        self.is_open = any(form[name].value() or form[name].errors for name in self.fields)
        return super().render(form, *args, **kwargs)


class Button(LayoutObject):
    """A button that sends the form. One without a `style` per page; else quiet, danger, link."""

    def __init__(self, label: Text, *, name: str = "", value: str = "1", style: str = "") -> None:
        self.label = label
        self.name = name
        self.value = value
        self.style = style

    def render(
        self,
        form: BaseForm,
        context: Context,
        template_pack: Any = TEMPLATE_PACK,
        **kwargs: Any,
    ) -> SafeString:
        return render_to_string("alliance/layout/button.html", {"button": self})


class Actions(_Block):
    """The row of buttons and links at the end of a form."""

    template = "alliance/layout/actions.html"


class MadeFor(LayoutObject):
    """In a form whose text outlasts the end of the login; see `unsent`."""

    def render(
        self,
        form: BaseForm,
        context: Context,
        template_pack: Any = TEMPLATE_PACK,
        **kwargs: Any,
    ) -> SafeString:
        return unsent.hidden_field(context["request"].user)


class Helper(FormHelper):
    """How our forms are wrapped; pass the layout's parts.

    `Helper("email", Actions(Button(_("Subscribe"))))` renders the form with its tag and token.
    Forms are sent without the browser's own checks, so that one voice, ours, speaks in the
    language of the page; `required` stays on the controls for assistive technology.
    """

    def __init__(self, *parts: Any, form_tag: bool = True, action: str = "") -> None:
        super().__init__()
        self.form_tag = form_tag
        self.disable_csrf = not form_tag
        self.form_class = "column"
        self.form_action = action
        self.include_media = False
        self.render_hidden_fields = True
        if parts:
            self.layout = _Parts(*parts)
