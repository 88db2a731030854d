"""What Term.data may hold: the rules that code relies on, vocabulary by vocabulary."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy


class Tick(models.TextChoices):
    """Whether a declaration statement must be answered."""

    MUST = "must", _lazy("Must be answered")
    OPTIONAL = "optional", _lazy("Optional")


class Track(models.TextChoices):
    """How deep due diligence goes for a partner category."""

    STATE = "state", _lazy("State")
    NON_STATE = "non-state", _lazy("Non-state")
    FULL = "full", _lazy("Full")


class Audience(models.TextChoices):
    """Whom an exclusion may concern; in this order the columns of the table of exclusions."""

    STATE = "state", _lazy("Governments, intergovernmental, UN and finance institutions")
    PRIVATE_SECTOR = "private-sector", _lazy("Private sector")
    FOUNDATION = "foundation", _lazy("Foundations")
    NON_STATE = "non-state", _lazy("Civil society, academia, science")
    PERSONS = "persons", _lazy("Persons named")


class Reach(models.TextChoices):
    """How an exclusion concerns an audience."""

    YES = "yes", _lazy("Yes")
    NO = "no", _lazy("No")
    NOT_STATES = (
        "not-states",
        _lazy("The institution, except the United Nations and Member States as such"),
    )
    IFI_SOE = "ifi-soe", _lazy("Finance institutions and State-owned enterprises only")
    IF_SUPPLIER = "if-supplier", _lazy("If it was a supplier")
    IF_PARENT_FIRM = "if-parent-firm", _lazy("If it applies to the parent firm")
    IF_INDUSTRY_FUNDED = "if-industry-funded", _lazy("If funded by the industry")
    FUNDING = "funding", _lazy("Yes, funding included")
    OWNERS = "owners", _lazy("Owners")
    FLAG = "flag", _lazy("Flagged")
    FLAG_MANAGEMENT = "flag-management", _lazy("Flagged to management")


class Outcome(models.TextChoices):
    """What follows when an exclusion applies. The machine only flags; people decide."""

    STOP_HUMAN_DECISION = "stop-human-decision", _lazy("Stop, human decision")
    STOP_MANUAL_CHECK = "stop-manual-check", _lazy("Stop, manual check")
    STOP = "stop", _lazy("Stop")
    STOP_OR_ESCALATE = "stop-or-escalate", _lazy("Stop or escalate")
    ESCALATE = "escalate", _lazy("Escalate")
    ENHANCED_REVIEW = "enhanced-review", _lazy("Enhanced review, not a ban")


REQUIRED = {
    "declaration": ("tick", "applies_to"),
    "exclusion": ("outcome", "reach"),
    "organization-type": ("category",),
    "partner-category": ("track",),
    "sdg": ("number", "color", "text_color", "uri"),
}
# (vocabulary, key): the vocabulary to which the codes under that key belong.
REFERENCES = {
    ("contribution-type", "matches"): "support-type",
    ("declaration", "applies_to"): "partner-category",
    ("organization-type", "category"): "partner-category",
    ("theme", "sdgs"): "sdg",
}
CHOICES: dict[tuple[str, str], type[models.TextChoices]] = {
    ("declaration", "tick"): Tick,
    ("exclusion", "outcome"): Outcome,
    ("exclusion", "reach"): Reach,
    ("partner-category", "track"): Track,
}


def problems(vocabulary: str, data: Any, codes_of: Callable[[str], set[str]]) -> list[str]:
    """What is wrong with a term's data, in sentences for the person who edits it.

    `codes_of` gives the codes of another vocabulary.
    """
    if not isinstance(data, dict):
        return [_("Write an object, as in {}.")]
    found = [
        _("“%(key)s” is missing.") % {"key": key}
        for key in REQUIRED.get(vocabulary, ())
        if not data.get(key)
    ]
    for key, value in data.items():
        allowed = _allowed(vocabulary, key, codes_of)
        unknown = [] if allowed is None else [v for v in _values(value) if v not in allowed]
        if unknown:
            found.append(
                _("“%(key)s” cannot be: %(values)s.") % {"key": key, "values": ", ".join(unknown)}
            )
    if vocabulary == "exclusion" and set(_mapping(data.get("reach"))) != set(Audience.values):
        found.append(
            _("“reach” needs a value for each of: %(keys)s.") % {"keys": ", ".join(Audience.values)}
        )
    return found


def _allowed(
    vocabulary: str, key: str, codes_of: Callable[[str], set[str]]
) -> set[str] | list[str] | None:
    if (vocabulary, key) in REFERENCES:
        return codes_of(REFERENCES[vocabulary, key])
    if (vocabulary, key) in CHOICES:
        return CHOICES[vocabulary, key].values
    return None


def _values(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [str(part) for part in value.values()]
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
