"""The order in which people read what stands on a page: columns, and the lines in them.

Knows nothing of PDF files: it is given pieces of text with their places, in points from the upper
left corner of the page. Used in a bare interpreter, so it needs nothing but Python.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

# A gap wider than this part of the size of the letters may part columns. Justified text may have
# such gaps too: what no column takes is put together again.
_GAP = 0.9
# So wide no gap between words is.
_WIDE_GAP = 2.0
# Left and right of what parts two columns stand so many lines at least, of so many signs.
_LINES = 3
_SIGNS = 12
# At the end of a line that runs leftwards, the stop stands left of the number.
_STOP_BEFORE_NUMBER = re.compile(r"(?<!\S)([.،؛:!؟]+)(\d[\d.,/%]*)$")
_MOST_CUTS = 12
_DEPTH = 4
_TOLERANCE = 2.0  # points by which edges that look the same may differ


class Piece(NamedTuple):
    """A word, or words beside each other, and where they stand; downwards counts up.

    `size` is that of the letters; how much room they take depends on which they are.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


class Line(NamedTuple):
    """A line of text, and the left and right edge of the block that it belongs to.

    `is_row` where it has gaps as between the cells of a table.
    """

    piece: Piece
    block: int
    block_left: float
    block_right: float
    is_row: bool

    @property
    def text(self) -> str:
        return self.piece.text


def lines_in_order(words: Iterable[Piece]) -> list[Line]:
    """The lines of a page as people read them; `words` come in the order of the file."""
    pieces = sorted(_beside_each_other(words), key=lambda piece: (piece.middle, piece.left))
    lines: list[Line] = []
    for number, block in enumerate(_blocks(pieces, 0)):
        left = min(piece.left for piece in block)
        right = max(piece.right for piece in block)
        lines += (Line(_line(row), number, left, right, _has_wide_gap(row)) for row in _rows(block))
    return lines


def runs_leftwards(text: str) -> bool:
    """Whether most letters of the text are written from right to left."""
    kinds = Counter(unicodedata.bidirectional(sign) for sign in text)
    return kinds["R"] + kinds["AL"] > kinds["L"]


def _beside_each_other(words: Iterable[Piece]) -> Iterator[Piece]:
    """Words that follow each other on a line without a wide gap, as one piece."""
    held: list[Piece] = []
    for word in words:
        if held and not _follows(held[-1], word):
            yield _joined(held)
            held = []
        held.append(word)
    if held:
        yield _joined(held)


def _follows(one: Piece, other: Piece) -> bool:
    gap = max(other.left - one.right, one.left - other.right)
    return _on_one_line(one, other) and gap <= _GAP * max(one.size, other.size)


def _on_one_line(one: Piece, other: Piece) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _joined(pieces: Sequence[Piece]) -> Piece:
    return Piece(
        " ".join(piece.text for piece in pieces),
        min(piece.left for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.right for piece in pieces),
        max(piece.bottom for piece in pieces),
        max(pieces, key=lambda piece: len(piece.text)).size,
    )


def _blocks(pieces: list[Piece], depth: int) -> Iterator[list[Piece]]:
    """Parts of the page, one after the other; `pieces` come from top to bottom."""
    cut = _best_cut(pieces) if depth < _DEPTH and len(pieces) >= 2 * _LINES else None
    if cut is None:
        if pieces:
            yield pieces
        return
    rest: list[Piece] = []
    for band in _bands(pieces, cut):
        sides = _sides(band, cut)
        if _are_columns(*sides):
            yield from _blocks(rest, depth + 1)
            rest = []
            leftwards = runs_leftwards("".join(piece.text for piece in band))
            for side in reversed(sides) if leftwards else sides:
                yield from _blocks(side, depth + 1)
        else:
            rest += band
    yield from _blocks(rest, depth + 1)


def _best_cut(pieces: list[Piece]) -> float | None:
    """Where the page is best cut from top to bottom: where most lines stand in columns then."""
    scores = []
    for cut in _cuts(pieces):
        columns = (band for band in _bands(pieces, cut) if _are_columns(*_sides(band, cut)))
        scores.append((sum(len(band) for band in columns), cut))
    score, cut = max(scores, default=(0, 0.0))
    return cut if score else None


def _cuts(pieces: list[Piece]) -> list[float]:
    """Before left edges, and behind right ones, that several pieces share."""
    step = 2 * _TOLERANCE
    lefts = Counter(round(piece.left / step) for piece in pieces)
    rights = Counter(round(piece.right / step) for piece in pieces)
    shared = [(count, edge * step - step) for edge, count in lefts.items() if count >= _LINES]
    shared += [(count, edge * step + step) for edge, count in rights.items() if count >= _LINES]
    return [cut for _count, cut in sorted(shared, reverse=True)[:_MOST_CUTS]]


def _bands(pieces: list[Piece], cut: float) -> Iterator[list[Piece]]:
    """From top to bottom: what stands beside the cut, parted by what reaches across it."""
    band: list[Piece] = []
    for piece in pieces:
        if piece.left < cut - _TOLERANCE and piece.right > cut + _TOLERANCE:
            if band:
                yield band
            yield [piece]
            band = []
        else:
            band.append(piece)
    if band:
        yield band


def _sides(band: list[Piece], cut: float) -> tuple[list[Piece], list[Piece]]:
    left = [piece for piece in band if piece.left + piece.right < 2 * cut]
    right = [piece for piece in band if piece.left + piece.right >= 2 * cut]
    return left, right


def _are_columns(left: list[Piece], right: list[Piece]) -> bool:
    """Whether both sides are running text, beside each other; cells of a table are not."""
    left, right = ([_line(row) for row in _rows(side)] for side in (left, right))
    if min(len(left), len(right)) < _LINES:
        return False
    shared = min(left[-1].bottom, right[-1].bottom) - max(left[0].top, right[0].top)
    tall = min(left[-1].bottom - left[0].top, right[-1].bottom - right[0].top)
    if shared < tall / 2:
        return False
    gutter = min(piece.left for piece in right) - max(piece.right for piece in left)
    size = median(piece.size for piece in left + right)
    return gutter > _GAP * size / 2 and _is_running_text(left) and _is_running_text(right)


def _is_running_text(side: list[Piece]) -> bool:
    if median(_weight(piece.text) for piece in side) < _SIGNS:
        return False
    width = max(piece.right for piece in side) - min(piece.left for piece in side)
    return median(piece.right - piece.left for piece in side) > 0.55 * width


def _weight(text: str) -> int:
    """How much a text says: a sign of Chinese or Japanese is worth two letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _rows(block: list[Piece]) -> Iterator[list[Piece]]:
    """What stands on each line of a block, from left to right."""
    held: list[Piece] = []
    for piece in block:
        if held and not _on_one_line(held[0], piece):
            yield sorted(held, key=lambda piece: piece.left)
            held = []
        held.append(piece)
    if held:
        yield sorted(held, key=lambda piece: piece.left)


def _has_wide_gap(row: list[Piece]) -> bool:
    gaps = (right.left - left.right for left, right in pairwise(row))
    return any(gap > _WIDE_GAP * row[0].size for gap in gaps)


def _line(pieces: list[Piece]) -> Piece:
    if runs_leftwards("".join(piece.text for piece in pieces)):
        line = _joined(sorted(pieces, key=lambda piece: -piece.right))
        return line._replace(text=_STOP_BEFORE_NUMBER.sub(r"\2\1", line.text))
    return _joined(pieces)
