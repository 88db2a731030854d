"""The reading edition as it is kept and shown: cleaned HTML, and the headings found in it."""

import html
import re
from dataclasses import dataclass

import nh3

from knowledge.catalogue.reading import ATTRIBUTES, TAGS

# What nh3 writes is regular: double quotes, one order, nothing unclosed.
_HEADING = re.compile(r'<h([23]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Heading:
    """A section that a link can lead to; `level` 3 stands below one of level 2."""

    id: str
    title: str
    level: int = 2


def clean_reading(text: str) -> str:
    """The HTML without whatever a reading edition may not hold: scripts, styles, forms, pictures.

    Cleaning twice changes nothing.
    """
    return nh3.clean(
        text,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def headings(text: str) -> list[Heading]:
    """The sections of cleaned HTML: each h2 and h3 that has an id, in order."""
    return [
        Heading(html.unescape(id_), html.unescape(_TAG.sub("", title)).strip(), int(level))
        for level, id_, title in _HEADING.findall(text)
    ]
