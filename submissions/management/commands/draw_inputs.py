"""`manage.py draw_inputs`: draws docs/inputs.md from the forms, through which all input goes.

The page says what the code says: a test compares the two, so that neither changes alone.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.utils.module_loading import import_string
from django.utils.translation import override

from alliance.words import MaxWordsValidator

PAGE = settings.BASE_DIR / "docs" / "inputs.md"

_APPS = ("alliance", "organizations", "knowledge", "submissions")
_FOR_BUILDERS = ("alliance.local", "alliance.style")

_HEAD = """\
# What input must look like

Drawn by `manage.py draw_inputs` from the forms. Change them there and draw this page again; do not
edit it.

Whatever people or machines send goes through one of these forms, query strings too, and no field that
stands in none of them is read. Text is UTF-8 without NUL; bounds of text are characters unless it says
words. Choices are those of the lists that staff keep, or of the code. A form may ask for more at the
time (what must be answered depends on other answers, whose choice it is on who asks); that is in its
own code, and told beside the field.
"""


class Command(BaseCommand):
    help = "Draw docs/inputs.md from the forms."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(draw(), encoding="utf-8")
        self.stdout.write(f"Drew {PAGE.relative_to(settings.BASE_DIR)}")


def draw() -> str:
    """The whole page, in English whatever language is active."""
    with override("en"):
        found = our_forms()
        fields = [field for form in found for field in _fields(form).values()]
        lines = [_HEAD, "## Kinds of fields\n", *_kinds(fields), "", "## Forms\n"]
        return "\n".join([*lines, *(line for form in found for line in _section(form))])


def our_forms() -> list[type[forms.BaseForm]]:
    """The forms of every page that have fields of their own, by the name of their module."""
    get_resolver().url_patterns  # noqa: B018 - imports every view, and so every form
    admin.autodiscover()
    for path in (*settings.ACCOUNT_FORMS.values(), *settings.MFA_FORMS.values()):
        import_string(path)
    found = {form for form in _below(forms.BaseForm) if _is_ours(form)}
    return sorted(found, key=_name)


def _below(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for child in form.__subclasses__():
        yield child
        yield from _below(child)


def _is_ours(form: type[forms.BaseForm]) -> bool:
    """A form that somebody meets: neither a part of others, nor one for builders, nor one that the
    admin has made of another.
    """
    if getattr(sys.modules[form.__module__], form.__name__, None) is not form:
        return False
    is_part = form.__name__.startswith("_") or "<locals>" in form.__qualname__
    ours = form.__module__.partition(".")[0] in _APPS
    is_empty = not _fields(form)
    return ours and not is_empty and not is_part and not form.__module__.startswith(_FOR_BUILDERS)


def _fields(form: type[forms.BaseForm]) -> dict[str, forms.Field]:
    """Those that the class declares; Django's own bases have none."""
    return getattr(form, "base_fields", {})


def _name(form: type[forms.BaseForm]) -> str:
    return f"{form.__module__}.{form.__qualname__}"


def _kinds(fields: Iterable[forms.Field]) -> Iterator[str]:
    """What the names of the kinds that are ours mean, in the words of the code."""
    kinds = {type(field) for field in fields if type(field).__module__.partition(".")[0] in _APPS}
    yield "| kind | what it takes |"
    yield "|---|---|"
    for kind in sorted(kinds, key=lambda kind: kind.__name__):
        words = (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")
        yield f"| {kind.__name__} | {words.replace('|', '/')} |"


def _section(form: type[forms.BaseForm]) -> Iterator[str]:
    yield f"### `{_name(form)}`\n"
    yield "| field | kind | must be given | bounds |"
    yield "|---|---|---|---|"
    for name, field in _fields(form).items():
        must = "yes" if field.required else ""
        yield f"| {name} | {type(field).__name__} | {must} | {', '.join(_bounds(field))} |"
    yield ""


def _bounds(field: forms.Field) -> Iterator[str]:
    for least in ("min_length", "min_value"):
        if (bound := getattr(field, least, None)) is not None:
            yield f"at least {bound}"
    for most in ("max_length", "max_value"):
        if (bound := getattr(field, most, None)) is not None:
            yield f"at most {bound}"
    for validator in field.validators:
        if isinstance(validator, MaxWordsValidator):
            yield f"at most {validator.limit} words"
    if size := getattr(field, "max_bytes", None):
        yield f"at most {size} bytes"
