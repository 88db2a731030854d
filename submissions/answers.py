"""The answers of a submission as they are kept and shown: values with the labels people saw."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from alliance.models import Term
from alliance.text import Text


class Choice(TypedDict):
    """A chosen option: its code, and the label that stood beside it."""

    code: str
    label: str


Value = str | Choice | list[Choice]


@dataclass(frozen=True)
class StatementAnswer:
    """What was said to one statement of the declaration."""

    statement: Term
    wording: str
    answer: str  # a DeclarationAnswer.Answer
    explanation: str = ""


@dataclass(frozen=True)
class Answers:
    """Everything that an application says, checked.

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
    def is_empty(self) -> bool:
        return not self.value


@dataclass(frozen=True)
class Section:
    """A heading of the form and the answers below it."""

    title: Text
    lines: list[Line]


# The form's own order and labels; sections without a name of the client's are only grouped.
APPLICATION_LABELS: dict[str, Text] = {
    "name": _(
        "1. Official name of organization / institution / government entity (exclusions to apply)"
    ),
    "country": _("2. Country"),
    "region": _("3. Region"),
    "sdgs": _("4. SDG"),
    "partner_category": _("5. Partner category"),
    "partner_category_other": _("Partner category, other"),
    "website": _("6. Website"),
    "description": _("7. Brief description of your institution (max. 150 words)"),
    "lead_name": _("Name for the Lead"),
    "lead_title": _("Title for the Lead"),
    "lead_email": _("Email address for the Lead"),
    "co_lead_name": _("Name for the co-lead"),
    "co_lead_title": _("Title for the co-lead"),
    "co_lead_email": _("Email address for the co-lead"),
    "interest": _("Section 3. Expression of Interest in the Alliance"),
}

LOGO_LABEL = _("Organization logo")
DECLARATION_TITLE = _("Section 4. Due Diligence and Integrity Declaration")

_APPLICATION_SECTIONS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        _("Your institution"),
        (
            "name",
            "country",
            "region",
            "sdgs",
            "partner_category",
            "partner_category_other",
            "website",
            "description",
        ),
    ),
    (
        _("Contacts"),
        (
            "lead_name",
            "lead_title",
            "lead_email",
            "co_lead_name",
            "co_lead_title",
            "co_lead_email",
        ),
    ),
    (APPLICATION_LABELS["interest"], ("interest",)),
)


def sections(values: dict[str, Any]) -> list[Section]:
    """The answers laid out like the form; optional fields left empty are left out."""
    return [Section(title, list(_lines(names, values))) for title, names in _APPLICATION_SECTIONS]


def _lines(names: Iterable[str], values: dict[str, Any]) -> Iterable[Line]:
    for name in names:
        line = Line(name, APPLICATION_LABELS[name], values.get(name, ""))
        if not line.is_empty:
            yield line
