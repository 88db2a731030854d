"""Reads the UN Security Council Consolidated List from its XML file.

The file's schema is published at https://www.un.org/sc/resources/sc-sanctions.xsd. It has no
namespace, and an empty element wherever nothing is known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from organizations.screening.names_in import names_in


class ListRefused(ActionRefused):
    """A file that is not taken as the list; the last good one stays."""


class Kind(StrEnum):
    PERSON = "person"
    ENTITY = "entity"


class Quality(StrEnum):
    """How a listed name may be compared."""

    GOOD = "good"
    WEAK = "weak"  # whole equality only


@dataclass(frozen=True)
class ListedName:
    text: str
    quality: Quality = Quality.GOOD
    is_former: bool = False


@dataclass(frozen=True)
class Party:
    """A person or an entity on the list.

    `birth_years` are closed ranges. `facts` holds what only people read: designations, documents,
    addresses, the Committee's comments. `digest` changes when anything of substance does.
    """

    reference: str
    kind: Kind
    regime: str
    listed_on: date | None
    names: tuple[ListedName, ...]
    birth_years: tuple[tuple[int, int], ...]
    countries: tuple[str, ...]
    facts: dict[str, list[str]]
    digest: str


@dataclass(frozen=True)
class SanctionsList:
    generated_at: datetime
    parties: tuple[Party, ...]
    sha256: str
    size: int
    _counts: dict[Kind, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        counts = dict.fromkeys(Kind, 0)
        for party in self.parties:
            counts[party.kind] += 1
        object.__setattr__(self, "_counts", counts)

    @property
    def persons(self) -> int:
        return self._counts[Kind.PERSON]

    @property
    def entities(self) -> int:
        return self._counts[Kind.ENTITY]


_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_NO_VALUE = {"", "na"}
# The publisher's book-keeping: it changes without the listed party changing.
_HOUSEKEEPING = {"DATAID", "VERSIONNUM", "LAST_DAY_UPDATED", "SORT_KEY", "SORT_KEY_LAST_MOD"}
_YEARS = range(1800, 2200)


def read_list(content: bytes) -> SanctionsList:
    """The whole list. Raises ListRefused where the content is not one, or asks for entities."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ListRefused(
            _("The file cannot be read as XML: %(error)s") % {"error": error}
        ) from error
    if root.tag != "CONSOLIDATED_LIST":
        raise ListRefused(_("The file is not the Security Council's Consolidated List."))
    parties = tuple(
        _party(element, kind, prefix)
        for kind, path, prefix in (
            (Kind.PERSON, "INDIVIDUALS/INDIVIDUAL", "INDIVIDUAL_"),
            (Kind.ENTITY, "ENTITIES/ENTITY", "ENTITY_"),
        )
        for element in root.iterfind(path)
    )
    if len({party.reference for party in parties}) < len(parties):
        raise ListRefused(_("The file names a reference number twice."))
    return SanctionsList(
        generated_at=_generated_at(root),
        parties=parties,
        sha256=sha256(content).hexdigest(),
        size=len(content),
    )


def _generated_at(root: Element) -> datetime:
    try:
        moment = datetime.fromisoformat(root.get("dateGenerated", ""))
    except ValueError as error:
        raise ListRefused(_("The file does not say when it was made.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _party(element: Element, kind: Kind, prefix: str) -> Party:
    reference = _text(element, "REFERENCE_NUMBER")
    names = tuple(dict.fromkeys(_names(element, prefix)))
    if not reference or not names:
        raise ListRefused(_("The file has an entry without a reference number or a name."))
    return Party(
        reference=reference,
        kind=kind,
        regime=_text(element, "UN_LIST_TYPE"),
        listed_on=_day(_text(element, "LISTED_ON")),
        names=names,
        birth_years=tuple(dict.fromkeys(_birth_years(element))),
        countries=tuple(dict.fromkeys(_countries(element, prefix))),
        facts=_facts(element, prefix),
        digest=_digest(element),
    )


def _text(element: Element, tag: str) -> str:
    """The text of a child without doubled spaces; empty where it says that there is none."""
    text = " ".join((element.findtext(tag) or "").split())
    return "" if text.lower() in _NO_VALUE else text


def _names(element: Element, prefix: str) -> Iterator[ListedName]:
    # The four parts are in the order of the document, which is neither given nor family first.
    yield from _name(" ".join(filter(None, (_text(element, part) for part in _NAME_PARTS))))
    yield from _name(_text(element, "NAME_ORIGINAL_SCRIPT"))
    for alias in element.iterfind(f"{prefix}ALIAS"):
        quality = _text(alias, "QUALITY").lower()
        yield from _name(
            _text(alias, "ALIAS_NAME"), is_low=quality == "low", is_former=quality == "f.k.a."
        )


def _name(written: str, *, is_low: bool = False, is_former: bool = False) -> Iterator[ListedName]:
    for text, is_whole_name in names_in(written):
        is_good = is_whole_name and not is_low
        yield ListedName(text, Quality.GOOD if is_good else Quality.WEAK, is_former)


def _day(text: str) -> date | None:
    """Some dates carry a time zone behind the day (2015-03-27-04:00)."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _birth_years(element: Element) -> Iterator[tuple[int, int]]:
    for born in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        year = _year(_text(born, "YEAR")) or _year(_text(born, "DATE"))
        first, last = _year(_text(born, "FROM_YEAR")), _year(_text(born, "TO_YEAR"))
        if year:
            yield year, year
        elif first and last:
            yield min(first, last), max(first, last)


def _year(text: str) -> int:
    found = re.match(r"\d{4}", text)
    return int(found[0]) if found and int(found[0]) in _YEARS else 0


def _countries(element: Element, prefix: str) -> Iterator[str]:
    """Free text as the list has it, as in "Iran (Islamic Republic of)"; never ISO codes."""
    for path in (
        "NATIONALITY/VALUE",
        f"{prefix}ADDRESS/COUNTRY",
        f"{prefix}PLACE_OF_BIRTH/COUNTRY",
    ):
        for found in element.iterfind(path):
            for text in " ".join((found.text or "").split()).split("/"):
                if text.strip().lower() not in _NO_VALUE:
                    yield text.strip()


def _facts(element: Element, prefix: str) -> dict[str, list[str]]:
    """What helps a person to tell the listed party from a namesake, by heading."""
    found = {
        "designation": _lines(element, "DESIGNATION/VALUE"),
        "nationality": _lines(element, "NATIONALITY/VALUE"),
        "born": _lines(element, "INDIVIDUAL_DATE_OF_BIRTH")
        + _lines(element, "INDIVIDUAL_PLACE_OF_BIRTH"),
        "address": _lines(element, f"{prefix}ADDRESS"),
        "document": _lines(element, "INDIVIDUAL_DOCUMENT"),
        "comment": _lines(element, "COMMENTS1"),
    }
    return {heading: lines for heading, lines in found.items() if lines}


def _lines(element: Element, path: str) -> list[str]:
    texts = (
        ", ".join(" ".join(part.split()) for part in found.itertext() if part.strip())
        for found in element.iterfind(path)
    )
    # A date that is exact need not say so.
    return [text.removeprefix("EXACT, ") for text in texts if text not in {"", "EXACT"}]


def _digest(element: Element) -> str:
    """A hash of everything said in the entry, without what is only book-keeping."""
    seen = sha256()
    for part in element:
        if part.tag in _HOUSEKEEPING:
            continue
        for inner in part.iter():
            if text := " ".join((inner.text or "").split()):
                seen.update(f"{part.tag}\0{inner.tag}\0{text}\n".encode(errors="replace"))
    return seen.hexdigest()
