"""Small sanctions lists for tests, with invented people, in the format of the real one."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

PERSONS = 580
ENTITIES = 170
MADE = "2026-02-27T00:00:09.554Z"


def person(
    reference: str = "QDi.001",
    name: str = "Zorvan Quillbrook Tamsin",
    *,
    aliases: Iterable[tuple[str, str]] = (),
    original: str = "",
    born: str = "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1971</YEAR>",
    nationality: str = "Malawi",
    comment: str = "",
    listed_on: str = "2015-03-27-04:00",
) -> str:
    """One INDIVIDUAL; the name's words become its parts, aliases are (quality, name)."""
    tags = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    words = name.split()
    first, second, third, *rest = [*words, "", "", ""]
    parts = [first, second, third, " ".join(rest).strip()]
    names = "".join(
        f"<{tag}>{escape(part)}</{tag}>" for tag, part in zip(tags, parts, strict=True) if part
    )
    script = f"<NAME_ORIGINAL_SCRIPT>{original}</NAME_ORIGINAL_SCRIPT>" if original else ""
    return f"""<INDIVIDUAL><DATAID>6{reference[-3:]}</DATAID><VERSIONNUM>1</VERSIONNUM>{names}
        <UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><REFERENCE_NUMBER>{reference} </REFERENCE_NUMBER>
        <LISTED_ON>{listed_on}</LISTED_ON>{script}<COMMENTS1>{escape(comment)}</COMMENTS1>
        <NATIONALITY><VALUE>{escape(nationality)}</VALUE></NATIONALITY>
        {_aliases("INDIVIDUAL", aliases)}
        <INDIVIDUAL_DATE_OF_BIRTH>{born}</INDIVIDUAL_DATE_OF_BIRTH>
        <INDIVIDUAL_DOCUMENT/><SORT_KEY/></INDIVIDUAL>"""


def entity(
    reference: str = "QDe.001",
    name: str = "Grimwald Ventures Trust",
    *,
    aliases: Iterable[tuple[str, str]] = (),
) -> str:
    return f"""<ENTITY><DATAID>1{reference[-3:]}</DATAID><VERSIONNUM>1</VERSIONNUM>
        <FIRST_NAME>{escape(name)}</FIRST_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>
        <REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>2010-01-01</LISTED_ON>
        {_aliases("ENTITY", aliases)}<ENTITY_ADDRESS><COUNTRY/></ENTITY_ADDRESS></ENTITY>"""


def _aliases(kind: str, aliases: Iterable[tuple[str, str]]) -> str:
    """Blank ones stand everywhere in the real file."""
    return "".join(
        f"<{kind}_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>{escape(name)}</ALIAS_NAME>"
        f"</{kind}_ALIAS>"
        for quality, name in [("", ""), *aliases]
    )


def document(
    persons: Iterable[str] = (), entities: Iterable[str] = (), *, made: str = MADE
) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<CONSOLIDATED_LIST dateGenerated="{made}"><INDIVIDUALS>{"".join(persons)}</INDIVIDUALS>'
        f"<ENTITIES>{''.join(entities)}</ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def whole_list(
    persons: Iterable[str] = (),
    entities: Iterable[str] = (),
    *,
    made: str = MADE,
    count: tuple[int, int] = (PERSONS, ENTITIES),
) -> bytes:
    """A list as long as a real one has to be: these, and others whom nobody is called like."""
    persons, entities = list(persons), list(entities)
    others = [
        person(f"XXi.{number:04}", _nobody(number)) for number in range(count[0] - len(persons))
    ]
    bodies = [
        entity(f"XXe.{number:04}", f"{_nobody(number)} Cartel")
        for number in range(count[1] - len(entities))
    ]
    return document([*persons, *others], [*entities, *bodies], made=made)


def _nobody(number: int) -> str:
    """A name of three words from the number, unlike the name for any other."""
    syllables = ("xar", "qel", "zim", "vro", "juk", "wyd", "pho", "gni", "tce", "bhu")
    digits = f"{number:04}"
    first, second = (
        syllables[int(pair[0])] + syllables[int(pair[1])] * 2 for pair in (digits[:2], digits[2:])
    )
    return f"{first} {second} {first[::-1]}{second[::-1]}"
