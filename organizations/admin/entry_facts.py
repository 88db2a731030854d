"""What the sanctions list says of an entry beside its names, in the words of the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from organizations.models import ListedEntry

# In the order in which it helps to tell people apart.
_FACTS: tuple[tuple[str, Text], ...] = (
    ("born", _("Born")),
    ("nationality", _("Nationality")),
    ("designation", _("Designation")),
    ("document", _("Documents")),
    ("address", _("Addresses")),
    ("comment", _("Comments of the Committee")),
)


def facts_of(entry: ListedEntry) -> list[tuple[Text, Any]]:
    """Each heading with its lines."""
    return [(label, entry.facts[name]) for name, label in _FACTS if name in entry.facts]


def years(entry: ListedEntry) -> str:
    """The years of birth that the list knows, as in "1964, 1970–1972"."""
    return ", ".join(
        str(first) if first == last else f"{first}–{last}" for first, last in entry.birth_years
    )
