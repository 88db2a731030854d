"""Make PDFs that everybody can read: tagged, with bookmarks, in any script we have a font for.

Typst compiles in our process, without a network and without the fonts of the machine, so the same
data gives the same bytes everywhere. Data reaches the template as JSON and is never read as
markup: nothing that a person typed can become code.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "alliance" / "typst" / "fonts"
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)

# What a person typed may break PDF/UA in two ways; Typst has no codes for them, only sentences.
_TEXT_BREAKS_UA = ("could not be displayed with font", "contains the disallowed codepoint")

# Pictographs, with what makes one picture of several, or colours it.
_PICTOGRAPH = re.compile("([\U0001f000-\U0001faff])[\ufe0f\u200d]*")
_KEYCAP = re.compile("\ufe0f?\u20e3")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)]
    )


def compile_pdf(template: Path, data: Mapping[str, Any], *, at: datetime = NO_DATE) -> bytes:
    """Return the PDF that ``template`` draws from ``data``, tagged by PDF/UA-1.

    ``template`` is a ``.typ`` file inside the project. It finds the data as ``data`` after
    ``#import "/alliance/typst/house.typ": *``; paths in it start at the project's root. It must
    set ``document(title: …)`` and ``text(lang: …)``, and give every picture an ``alt``.
    ``data`` is anything JSON can carry. ``at`` becomes the date in the PDF's properties.

    Where ``data`` holds a pictograph that none of our fonts has, the pictographs are named in
    words. Where it holds another such character, or one that PDF/UA forbids, the PDF is tagged
    all the same but does not claim PDF/UA: a reader is better served by a copy with one empty
    box than by none.

    Raises ``typst.TypstError`` when the template is wrong, ``TypeError`` for data that JSON
    cannot carry.
    """
    text = json.dumps(data, ensure_ascii=False)
    in_words = _named(text)
    for attempt in [text] if in_words == text else [text, in_words]:
        try:
            return _compile(template, attempt, at, claims_ua=True)
        except typst.TypstError as error:
            if not any(sentence in error.message for sentence in _TEXT_BREAKS_UA):
                raise
    return _compile(template, in_words, at, claims_ua=False)


def compile_png(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the first page of what ``template`` draws as PNG, a pixel for each of its points.

    Everything else is as for `compile_pdf`; a character that no font of ours has is an empty box.
    """
    content: bytes = typst.compile(
        str(template),
        root=str(ROOT),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ppi=72,
        format="png",
    )
    return content


def _named(text: str) -> str:
    """The text with its pictographs in words, as in [smiling face with open mouth]."""
    return _PICTOGRAPH.sub(lambda found: f"[{_name(found[1])}]", _KEYCAP.sub("", text))


def _name(sign: str) -> str:
    """As Unicode calls it; one that is newer than this Python by its number."""
    return unicodedata.name(sign, f"U+{ord(sign):X}").lower()


def _compile(template: Path, data: str, at: datetime, *, claims_ua: bool) -> bytes:
    return typst.compile(
        str(template),
        root=str(ROOT),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"] if claims_ua else [],
        timestamp=int(at.timestamp()),
        format="pdf",
    )
