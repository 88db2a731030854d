"""The reading edition as it is kept and shown: cleaned HTML, and the headings found in it."""

import html
import re
from dataclasses import dataclass

import nh3

from knowledge.catalogue.reading import ATTRIBUTES, TAGS

# What nh3 writes is regular: double quotes, one order, nothing unclosed.
_HEADING = re.compile(r'<h([23]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_TABLE = re.compile(r"<table>(.*?</thead>)?(.*?)</table>", re.DOTALL)
_HEAD_CELL = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b[^>]*>")


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


def for_narrow_screens(text: str) -> str:
    """Cleaned HTML whose tables fit a telephone: there each cell stands below the last.

    A cell carries the head of its column, which the style shows where the columns are gone.
    """
    return _TABLE.sub(_labelled, text)


def _labelled(table: re.Match[str]) -> str:
    head, body = table[1] or "", table[2]
    # The text of the heads is HTML already, but for the quotes, which an attribute may not hold.
    labels = [
        _TAG.sub("", cell).strip().replace('"', "&quot;") for cell in _HEAD_CELL.findall(head)
    ]

    def labelled_row(row: re.Match[str]) -> str:
        left = iter(labels)

        def labelled_cell(cell: re.Match[str]) -> str:
            label = next(left, "")
            return f'<td data-label="{label}">' if cell[0] == "<td>" and label else cell[0]

        return _CELL.sub(labelled_cell, row[0])

    return f'<div class="table"><table>{head}{_ROW.sub(labelled_row, body)}</table></div>'
