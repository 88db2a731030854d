"""What a page says to people, and which of its words no translation would reach."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import models

from knowledge.models.edition import LANGUAGES
from tests.rules.test_texts_and_styles import NAMES

_SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
# Besides what nobody hears: texts of rows as they stand, whole or with their differences marked.
_UNSPOKEN = {"script", "style", "svg", "pre", "ins", "del", "mark"}
# Addresses of mail and of pages, and whatever has a figure in it, as numbers of cases have.
_NO_WORD = re.compile(r"\S+@\S+|https?://\S+|\{\w+\}|\S*\d\S*")
# What is left of a sentence when the letters of the pseudo language are taken out.
_PLAIN = re.compile(r"[^\x00-\x7f’–—“”…·×]+|[\[\]]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)?")
# So many words of a row, one after the other, are a passage from it.
_PASSAGE = 2
# The pictures of Django's admin have names in English alone.
_DJANGOS = {"Search", "True", "False"}
_SAME_EVERYWHERE = {"JPEG", "PNG", "WebP", "DOCX", "XLSX", "PPTX", "CSV", "JSON", "ISO"}


def words(text: str) -> list[str]:
    return _WORD.findall(_NO_WORD.sub(" ", text))


class Spoken(HTMLParser):
    """The texts of a page as people see or hear them, in `found`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNSPOKEN or given.get("translate") == "no":
            self._silent.append(tag)
        self.found += [value for name, value in given.items() if name in _SPOKEN]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.found.append(given.get("value", ""))
        if tag == "meta" and given.get("name") == "description":
            self.found.append(given.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(data)


class Rows:
    """All that stands in the database, which nobody translates."""

    @cached_property
    def texts(self) -> set[str]:
        names = {*NAMES, *_SAME_EVERYWHERE, *_DJANGOS, *dict(LANGUAGES).values()}
        return {" ".join(words(run)) for text in [*_stored(), *names] for run in _PLAIN.split(text)}

    @cached_property
    def whole(self) -> str:
        return "\n".join(self.texts)

    def hold(self, run: list[str]) -> bool:
        """Whether these words are texts of rows, one after the other, or passages from them."""
        start = 0
        while start < len(run):
            ends = range(len(run), start, -1)
            start = next((end for end in ends if self._has(run[start:end])), 0)
            if not start:
                return False
        return True

    def _has(self, run: list[str]) -> bool:
        text = " ".join(run)
        return text in self.texts or (len(run) >= _PASSAGE and text in self.whole)


def _stored() -> Iterator[str]:
    for model in apps.get_models():
        names = [
            each.attname
            for each in model._meta.concrete_fields
            if isinstance(each, models.CharField | models.TextField | models.JSONField)
            or each.get_internal_type() in {"FileField", "ArrayField"}
        ]
        for row in model._base_manager.values_list(*names) if names else ():
            yield from _strings(row)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if _CODE.fullmatch(value):  # an event or a mail, as the secretariat's lists write it
            yield value.replace("_", " ").replace(".", ": ").capitalize()
    elif isinstance(value, dict):
        yield from _strings([*value, *value.values()])
    elif isinstance(value, Iterable) and not isinstance(value, bytes | memoryview):
        for each in value:
            yield from _strings(each)


def plain_words(page: str, rows: Rows) -> list[str]:
    """Texts of a page in the pseudo language that hold words which were not translated."""
    return [
        " ".join(text.split())
        for text in Spoken(page).found
        if not all(rows.hold(words(run)) for run in _PLAIN.split(text))
    ]
