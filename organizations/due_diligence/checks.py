"""The checks of due diligence, by level. Each is worded so that yes means that all is well.

The manual checks of the higher levels follow the exclusions that the portal publishes.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from organizations.models import DueDiligence

_BASIC = DueDiligence.Level.BASIC
_STANDARD = DueDiligence.Level.STANDARD
_ENHANCED = DueDiligence.Level.ENHANCED
LEVELS = (_BASIC, _STANDARD, _ENHANCED)


@dataclass(frozen=True)
class CheckKind:
    """One question; `level` is the lowest that asks it, `help` says what an answer rests on.

    Whoever answers no to one that `stops` leaves the last word to a second person.
    """

    code: str
    level: DueDiligence.Level
    question: Text
    help: Text
    stops: bool = False


CHECKS = (
    CheckKind(
        "identity",
        _BASIC,
        _("Does the institution exist, under this name and in this place?"),
        _("A public register, an official directory or its own pages; note where you looked."),
    ),
    CheckKind(
        "authority",
        _BASIC,
        _("May the registrant speak for it?"),
        _("An address at its own domain, a letter, or a call back to a published number."),
    ),
    CheckKind(
        "names",
        _BASIC,
        _("Are all names here that have to be screened?"),
        _("Former names, parent, head, owners and board, as far as they are known."),
    ),
    CheckKind(
        "declaration",
        _BASIC,
        _("Are its answers to the declaration in order?"),
        _("What it cannot confirm must be explained, and the explanation must hold."),
    ),
    CheckKind(
        "conflict",
        _BASIC,
        _("Is it free of ties to the staff who decide about it?"),
        _("Family, money, or work in the last two years."),
    ),
    CheckKind(
        "reputation",
        _BASIC,
        _("Do the news of the last five years speak for it, or at least not against it?"),
        _("Name the words that you searched for, and what you found."),
    ),
    CheckKind(
        "registration",
        _STANDARD,
        _("Is it registered where it works, and is the registration valid?"),
        _("The certificate or the entry in the register, with its number."),
    ),
    CheckKind(
        "governance",
        _STANDARD,
        _("Is it known who governs it, and who answers to whom?"),
        _("Statutes, a list of the board, or an annual report."),
    ),
    CheckKind(
        "ineligibility",
        _STANDARD,
        _("Is it absent from the UN Ineligibility List?"),
        _("Look it up in the United Nations Global Marketplace; keep the result."),
        stops=True,
    ),
    CheckKind(
        "debarment",
        _STANDARD,
        _("Has no multilateral development bank debarred it?"),
        _("The World Bank's list names those of the other banks too."),
        stops=True,
    ),
    CheckKind(
        "labour",
        _STANDARD,
        _("Is nothing known of child labour, forced labour or trafficking?"),
        _("Court decisions, reports of inspectors and of trade unions."),
        stops=True,
    ),
    CheckKind(
        "human-rights",
        _STANDARD,
        _("Is nothing known of serious abuse of human rights, or of sexual exploitation?"),
        _("Open cases count; so does how it deals with them."),
        stops=True,
    ),
    CheckKind(
        "ownership",
        _ENHANCED,
        _("Is it known who owns and who controls it in the end?"),
        _("Everybody with a quarter or more, through other owners too; all of them screened."),
    ),
    CheckKind(
        "funding",
        _ENHANCED,
        _("Is it known where its money comes from, and is that acceptable?"),
        _("Audited accounts of two years, or the largest five sources."),
    ),
    CheckKind(
        "weapons",
        _ENHANCED,
        _("Has it no part in weapons?"),
        _("Mines, cluster munitions, nuclear, chemical, biological and other arms."),
        stops=True,
    ),
    CheckKind(
        "tobacco",
        _ENHANCED,
        _("Has it no part in tobacco, and no money from it?"),
        _("Parent firms and main funders count."),
        stops=True,
    ),
    CheckKind(
        "trades",
        _ENHANCED,
        _("Has it no part in pornography, gambling or banned trade?"),
        _("Banned substances and protected wildlife."),
        stops=True,
    ),
    CheckKind(
        "sector",
        _ENHANCED,
        _("Are the risks of its sector known and acceptable?"),
        _("Extractives, fossil energy, alcohol, chemicals, infant formula, large works."),
    ),
)

BY_CODE = {check.code: check for check in CHECKS}


def checks_of(level: str) -> list[CheckKind]:
    """What a cycle of this level asks, the questions of the lower levels first."""
    reached = LEVELS.index(DueDiligence.Level(level))
    return [check for check in CHECKS if LEVELS.index(check.level) <= reached]
