"""Make PDFs that everybody can read: tagged, with bookmarks, in any script we have a font for.

Typst compiles in our process, without a network and without the fonts of the machine, so the same
data gives the same bytes everywhere. Data reaches the template as JSON and is never read as
markup: nothing that a person typed can become code.
"""

import json
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

    Where ``data`` holds a character that none of our fonts has, or one that PDF/UA forbids, the
    PDF is tagged all the same but does not claim PDF/UA: a reader is better served by a copy
    with one empty box than by none.

    Raises ``typst.TypstError`` when the template is wrong, ``TypeError`` for data that JSON
    cannot carry.
    """
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        return _compile(template, inputs, at, claims_ua=True)
    except typst.TypstError as error:
        if not any(sentence in error.message for sentence in _TEXT_BREAKS_UA):
            raise
    return _compile(template, inputs, at, claims_ua=False)


def _compile(template: Path, inputs: dict[str, str], at: datetime, *, claims_ua: bool) -> bytes:
    return typst.compile(
        str(template),
        root=str(ROOT),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=["ua-1"] if claims_ua else [],
        timestamp=int(at.timestamp()),
        format="pdf",
    )
