"""The answers of a submission as they are kept and shown: values with the labels people saw."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from alliance.text import Text
from submissions.labels import LABELS, SECTIONS
from submissions.models import StatementAnswer


class Choice(TypedDict):
    """A chosen option: its code, and the label that stood beside it."""

    code: str
    label: str


Value = str | Choice | list[Choice]


def codes(value: Value) -> list[str]:
    """The codes of what was chosen; none where it is a text."""
    if isinstance(value, list):
        return [choice["code"] for choice in value]
    return [value["code"]] if isinstance(value, dict) else []


@dataclass(frozen=True)
class Answers:
    """Everything that a form says, checked.

    `values` maps the form's field names to what a `Revision` keeps.
    """

    values: dict[str, Value]
    statements: list[StatementAnswer] = field(default_factory=list)
    language: str = "en"


@dataclass(frozen=True)
class Line:
    """One answered field, for pages, letters and files: text, or the chosen labels."""

    name: str
    label: Text
    value: Value

    @property
    def choices(self) -> list[Choice]:
        if isinstance(self.value, list):
            return self.value
        return [self.value] if isinstance(self.value, dict) else []

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    @property
    def links(self) -> list[str]:
        """The addresses, where the field asks for them: one on each line."""
        return self.text.splitlines() if self.name == "links" else []

    @property
    def is_empty(self) -> bool:
        return not self.value


@dataclass(frozen=True)
class Section:
    """A heading of the form and the answers below it."""

    title: Text
    lines: list[Line]


def sections(kind: str, values: dict[str, Any]) -> list[Section]:
    """The answers laid out like the form of that kind; fields left empty are left out."""
    found = [Section(title, list(_lines(kind, names, values))) for title, names in SECTIONS[kind]]
    return [section for section in found if section.lines]


def _lines(kind: str, names: Iterable[str], values: dict[str, Any]) -> Iterable[Line]:
    for name in names:
        line = Line(name, LABELS[kind][name], values.get(name, ""))
        if not line.is_empty:
            yield line
