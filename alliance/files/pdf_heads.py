"""Heads: those that repeat at the edges of pages, with page numbers, and that of a first page.

Knows nothing of PDF files, and needs nothing but Python.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from statistics import median

from alliance.files.pdf_columns import Line

# Heads and feet stand in these parts of the page's height, at its top and its bottom.
_EDGE = 0.12
# A line is a running head where it stands at the same place on so many pages.
_LEAST_PAGES = 3
_SHARE_OF_PAGES = 0.02
_PLACE = 0.01

_PAGE_WORD = (
    r"(?:page|p\.|pg\.|pagina|página|seite|side|sida|стр\.?|страница|صفحة|trang|sayfa|第|पृष्ठ)"
)
_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7}|[٠-٩]{1,4}|[०-९]{1,4})"
_OF = r"(?:of|/|von|av|de|sur|из|من|dari|共)"
_PAGE_NUMBER = re.compile(
    rf"[\W_]*{_PAGE_WORD}?[\W_]*{_NUMBER}(?:\s*(?:页|頁)?[\s,，]*{_OF}\s*{_NUMBER})?\s*(?:页|頁)?[\W_]*",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\d+")
# A head has a year, the number of its page and how many there are.
_MOST_FIGURES = 4
# A title's letters are larger than those of the page by so much; its lines differ by less.
_STANDS_OUT, _AS_LARGE = 1.2, 0.95
_MOST_LINES = 5
_LETTERS = re.compile(r"[^\W\d_]{2}")


def without_heads(pages: Sequence[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The pages without the lines that repeat at their edges, and without page numbers."""
    least = max(_LEAST_PAGES, _SHARE_OF_PAGES * len(pages))
    seen: Counter[tuple[int, str]] = Counter()
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        edge = (line for line in lines if _at_edge(line, height))
        seen.update({mark for line in edge for mark in _marks(line, number, height)})

    def repeats(line: Line, number: int, height: float) -> bool:
        return any(
            seen[place + by, text] >= least
            for place, text in _marks(line, number, height)
            for by in (-1, 0, 1)
        )

    kept = []
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        outermost = _outermost(lines)
        kept.append(
            [
                line
                for line in lines
                if not _at_edge(line, height)
                or not (
                    repeats(line, number, height)
                    or (line in outermost and _PAGE_NUMBER.fullmatch(line.text))
                )
            ]
        )
    return kept


def _at_edge(line: Line, height: float) -> bool:
    return line.piece.bottom < _EDGE * height or line.piece.top > (1 - _EDGE) * height


def _marks(line: Line, number: int, height: float) -> list[tuple[int, str]]:
    """Where a line stands and what it says: as it is, and with a figure as it lies to the page.

    So a head is found that carries the number of its page, also beside figures that stay the
    same ("Report 2019, 10 / 18"), and titles of tables are not.
    """
    place = round(line.piece.middle / (height * _PLACE))
    text = line.text.casefold()
    figures = list(islice(_FIGURES.finditer(text), _MOST_FIGURES))
    relative = [
        f"{text[: found.start()]}#{int(found[0][-9:]) - number}{text[found.end() :]}"
        for found in figures
    ]
    return [(place, text), *((place, other) for other in relative)]


def _outermost(lines: list[Line]) -> list[Line]:
    """The first and the last line by their place, with what stands beside each."""
    if not lines:
        return []
    first = min(lines, key=lambda line: line.piece.middle).piece
    last = max(lines, key=lambda line: line.piece.middle).piece
    return [
        line for line in lines if line.piece.middle <= first.bottom or line.piece.middle >= last.top
    ]


def largest(lines: Sequence[Line]) -> str:
    """What a page says in its largest letters; empty where none stand out, or say a whole story.

    Lines of that size which follow each other are one title.
    """
    sizes = [line.piece.size for line in lines if _LETTERS.search(line.text)]
    if not sizes or max(sizes) < _STANDS_OUT * median(sizes):
        return ""
    found: list[str] = []
    for line in lines:
        if line.piece.size > _AS_LARGE * max(sizes):
            found.append(line.text)
        elif any(_LETTERS.search(text) for text in found):
            break
    return " ".join(found) if len(found) <= _MOST_LINES else ""
