"""How deep due diligence goes: the level that is proposed, and why.

From the partner category that the organization's type belongs to, the country, and what the
organization wants to do. The machine proposes; staff raise or lower the level with a reason.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from alliance import vocabularies
from alliance.models import Term
from alliance.text import Text
from organizations.due_diligence.checks import LEVELS
from organizations.models import DueDiligence, Organization

_Level = DueDiligence.Level
# Partner categories by their risk track: States answer for themselves, those whose money has
# private or mixed sources are looked at most closely.
_OF_TRACK: dict[str, tuple[_Level, Text]] = {
    "state": (_Level.BASIC, _("%(category)s: a public body, which answers for itself.")),
    "non-state": (_Level.STANDARD, _("%(category)s: not a public body.")),
    "full": (_Level.ENHANCED, _("%(category)s: its money may have private or mixed sources.")),
}
# Countries that a regime of the Consolidated List is about, by its committees' codes.
REGIME_COUNTRIES = frozenset(
    {"AF", "CD", "CF", "GW", "HT", "IQ", "IR", "KP", "LY", "SD", "SO", "SS", "YE"}
)
# What an applicant wants to do that calls for a closer look: where gifts come from counts.
_GIVING = "finance"


@dataclass(frozen=True)
class Proposal:
    level: _Level
    reasons: list[Text]


def propose(organization: Organization, cycle: DueDiligence | None = None) -> Proposal:
    """The level for an organization as it is known now, with the reasons in words."""
    codes = [str(organization.type.data.get("category", ""))]
    if cycle is not None and cycle.partner_category not in {"", *codes}:
        codes.append(cycle.partner_category)
    found = [_of_category(vocabularies.term("partner-category", code)) for code in codes]
    level = max((level for level, _reason in found), key=LEVELS.index)
    reasons = [reason for _level, reason in found]
    steps = 0
    if organization.country_id in REGIME_COUNTRIES:
        steps += 1
        reasons.append(
            _("%(country)s: a sanctions regime of the Security Council is about it. One level up.")
            % {"country": organization.country}
        )
    if cycle is not None and _GIVING in cycle.engagement:
        steps += 1
        reasons.append(_("It wants to give money or goods: their source counts. One level up."))
    return Proposal(LEVELS[min(LEVELS.index(level) + steps, len(LEVELS) - 1)], reasons)


def _of_category(category: Term | None) -> tuple[_Level, Text]:
    track = str(category.data.get("track", "")) if category else ""
    if category is None or track not in _OF_TRACK:
        return _Level.STANDARD, _("Its partner category is not known yet.")
    level, reason = _OF_TRACK[track]
    return level, reason % {"category": category.label}
