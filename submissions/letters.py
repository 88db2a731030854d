"""The usual letters of a decision: which there are, what is filled in, and what comes with us.

Their wording is the secretariat's. A place to be filled in is a name in braces from a fixed list;
nothing else is understood, so that a letter can reach nothing but what is meant for it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from submissions.models import Decision, LetterTemplate, LetterVersion, Submission

TEXTS = Path(__file__).resolve().parent / "data" / "letters"
LANGUAGE = "en"

# Stands in a drafted letter where the conditions belong.
CONDITION_PLACE = "-"

PLACEHOLDERS: dict[str, Text] = {
    "person": _("the name of the person who sent it"),
    "institution": _("the name of the institution"),
    "reference": _("the reference number"),
    "title": _("the title of the Demand or Offer, or the name on the Expression of Interest"),
    "kind": _("“Expression of Interest”, “Demand” or “Offer”"),
    "reason": _("the reason of the decision, in the words of the list"),
    "conditions": _("a line that the senior reviewer fills in before the letter is sent"),
}
_ALWAYS = ("person", "institution", "reference", "title", "kind")

_PLACE = re.compile(r"\{([a-z]+)\}")
_IN_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


@dataclass(frozen=True)
class Letter:
    """A letter: `places` may be filled in, and those in `needed` must stand in its text."""

    code: str
    title: Text
    places: tuple[str, ...] = _ALWAYS
    needed: tuple[str, ...] = ()


LETTERS = {
    letter.code: letter
    for letter in (
        Letter("approve", _("Expression of Interest: approved")),
        Letter(
            "approve_with_conditions",
            _("Expression of Interest: approved with conditions"),
            (*_ALWAYS, "conditions"),
            ("conditions",),
        ),
        Letter("decline", _("Expression of Interest: not approved"), (*_ALWAYS, "reason")),
        Letter("find_ineligible", _("Expression of Interest: not eligible"), (*_ALWAYS, "reason")),
        Letter("publish", _("Demand or Offer: published")),
        Letter("decline_demand_offer", _("Demand or Offer: not published"), (*_ALWAYS, "reason")),
    )
}


def draft_letters(
    submission: Submission, outcomes: Iterable[str], *, reason: str = ""
) -> dict[str, str]:
    """One letter for each outcome (a `Decision.Outcome`), addressed to who sent the submission.

    A refusal names its `reason`, in the words of the list. One query.
    """
    codes = {outcome: _code(submission, outcome) for outcome in outcomes}
    texts = _texts(codes.values())
    values = values_of(submission, reason=reason)
    return {outcome: fill(texts[code], values) for outcome, code in codes.items()}


def _code(submission: Submission, outcome: str) -> str:
    declined = outcome == Decision.Outcome.DECLINE and not submission.is_application
    return "decline_demand_offer" if declined else outcome


def _texts(codes: Iterable[str]) -> dict[str, str]:
    """What the letters say now; where none is loaded yet, what comes with the portal."""
    wanted = set(codes)
    rows = LetterVersion.objects.newest().filter(
        template__code__in=wanted, template__language=LANGUAGE
    )
    loaded = dict(rows.values_list("template__code", "text"))
    return {code: loaded.get(code) or shipped_text(code) for code in wanted}


def values_of(submission: Submission, *, reason: str = "") -> dict[str, str]:
    """What is filled in for a case."""
    person = submission.submitted_by
    return {
        "person": person.get_full_name() if person else gettext("colleague"),
        "institution": submission.organization.name,
        "reference": submission.reference or "",
        "title": submission.title,
        "kind": str(submission.get_kind_display()),
        "reason": reason or "…",
        "conditions": CONDITION_PLACE,
    }


def sample_values() -> dict[str, str]:
    """An invented case, to see how a letter looks."""
    return {
        "person": "Amina Okoro",
        "institution": gettext("Ministry of Water"),
        "reference": "EOI-2026-000123",
        "title": gettext("Ministry of Water"),
        "kind": gettext("Expression of Interest"),
        "reason": gettext("Outside the scope of the Alliance"),
        "conditions": CONDITION_PLACE,
    }


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled in, once: what is filled in is never read again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def faults(text: str, letter: Letter) -> list[str]:
    """What is wrong with the places in a text, in sentences for who wrote it."""
    allowed = [f"{{{name}}}" for name in letter.places]
    unknown = dict.fromkeys(
        found[:40] for found in _IN_BRACES.findall(text) if found not in allowed
    )
    found = []
    if unknown:
        found.append(
            gettext("This cannot be filled in: %(unknown)s. Write one of: %(allowed)s.")
            % {"unknown": ", ".join(list(unknown)[:5]), "allowed": ", ".join(allowed)}
        )
    found += [
        gettext("The letter needs a place for %(place)s.") % {"place": f"{{{name}}}"}
        for name in letter.needed
        if f"{{{name}}}" not in text
    ]
    return found


def shipped_text(code: str, language: str = LANGUAGE) -> str:
    return (TEXTS / language / f"{code}.txt").read_text("utf-8").strip()


@transaction.atomic
def load_letters() -> int:
    """Insert the letters that are missing; returns how many versions came in.

    Where nobody has edited a letter, a new wording that comes with the portal is its next version;
    what staff wrote stays. May run again and again, and twice at once.
    """
    LetterTemplate.objects.bulk_create(
        (
            LetterTemplate(code=letter.code, language=LANGUAGE, title=str(letter.title))
            for letter in LETTERS.values()
        ),
        ignore_conflicts=True,
    )
    added = 0
    for template in LetterTemplate.objects.select_for_update().filter(language=LANGUAGE):
        newest = template.versions.first()
        text = shipped_text(template.code)
        if newest is None or (newest.is_shipped and newest.text != text):
            number = newest.number + 1 if newest else 1
            template.versions.create(number=number, text=text, is_shipped=True)
            added += 1
    return added
