"""Reads the text of one hostile PDF, in a process made for nothing else.

Run by `pdf` as a script of its own, in a bare interpreter without Django. Standard input is the
PDF. Standard output takes one JSON object a line and page: `number` and `text`. Standard error
takes one: `pages` of the file, `is_cut` where a limit was reached, `language`, and `titles`: what
the file says that it is called, then what its first page says in the largest letters, either
empty where there is none. Arguments: the most bytes of memory, the most seconds of processor time.
A file that cannot be read ends it with an error, or ends it.
"""

import ctypes
import json
import math
import resource
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

# A bare interpreter does not know where the portal is.
sys.path.append(str(Path(__file__).parents[2]))

from alliance.files.pdf_characters import tidy
from alliance.files.pdf_columns import Line, Piece, lines_in_order
from alliance.files.pdf_heads import largest
from alliance.files.pdf_language import language_of
from alliance.files.pdf_paragraphs import texts

MOST_PAGES = 5000
MOST_SIGNS_ON_A_PAGE = 100_000
MOST_SIGNS = 20_000_000
MAX_OUTPUT_BYTES = 100 * 2**20
LEAST_SIZE = 0.5  # of letters, in points
# Of the time that is given so much is for reading; the rest is for putting the text in order.
SHARE_FOR_READING = 0.6


class Reading:
    """The lines of all pages, as far as the limits go."""

    def __init__(self, document: pypdfium2.PdfDocument, seconds: int) -> None:
        self.pages: list[list[Line]] = []
        self.heights: list[float] = []
        self.is_cut = len(document) > MOST_PAGES
        self._left = MOST_SIGNS
        for number in range(min(len(document), MOST_PAGES)):
            if self._left <= 0 or time.process_time() > seconds * SHARE_FOR_READING:
                self.is_cut = True
                break
            self._add(document, number)

    def _add(self, document: pypdfium2.PdfDocument, number: int) -> None:
        """Read a page; one that is broken stays empty, and its number is not lost."""
        lines: list[Line] = []
        height = 1.0
        try:
            with closing(document[number]) as page, closing(page.get_textpage()) as text_page:
                most = min(MOST_SIGNS_ON_A_PAGE, self._left)
                self.is_cut |= text_page.count_chars() > most
                self._left -= text_page.count_chars()
                pieces, height = upright(list(words(text_page, most)), Box(*page.get_bbox()))
                lines = lines_in_order(pieces)
        except pypdfium2.PdfiumError:
            self.is_cut = True
        self.pages.append(lines)
        self.heights.append(height)


def main() -> None:
    memory, seconds = (int(argument) for argument in sys.argv[1:3])
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    with closing(pypdfium2.PdfDocument(sys.stdin.buffer)) as document:
        pages = len(document)
        named = document.get_metadata_value("Title")
        reading = Reading(document, seconds)
    sample = ""
    for number, text in enumerate(texts(reading.pages, reading.heights), start=1):
        sys.stdout.write(json.dumps({"number": number, "text": text}) + "\n")
        if len(sample) < 100_000:
            sample += text
    sys.stdout.flush()
    verdict = {
        "pages": pages,
        "is_cut": reading.is_cut,
        "language": language_of(sample),
        "titles": [tidy(named)[:1000], largest(reading.pages[0] if reading.pages else [])],
    }
    sys.stderr.write(json.dumps(verdict))


class Box(NamedTuple):
    """A place in points; upwards counts up."""

    left: float
    low: float
    right: float
    high: float

    def stands_beside(self, other: "Box") -> bool:
        """Whether both stand on one line, or in one column of a page that is turned."""
        across = min(self.high, other.high) - max(self.low, other.low)
        along = min(self.right, other.right) - max(self.left, other.left)
        return across > 0 or along > 0


class Word(NamedTuple):
    """What stands between blanks; it runs to the right, up, to the left or down: 0 to 3."""

    text: str
    box: Box
    size: float
    direction: int


def words(page: pypdfium2.PdfTextPage, most: int) -> Iterator[Word]:
    """The words of a page in the order of the file.

    One that goes on behind a hyphen on the next line comes in two parts.
    """
    first = 0
    signs: list[str] = []
    boxes: list[Box] = []
    for index, sign in enumerate([*islice(all_signs(page), most), " "]):
        place = None if sign.isspace() else box_of(page, index)
        if signs and (sign.isspace() or (place and not place.stands_beside(boxes[-1]))):
            if text := tidy("".join(in_order(signs, boxes))):
                yield Word(text, around(boxes), *letters(page, first))
            signs, boxes = [], []
        if place:
            first = first if signs else index
            signs.append(sign)
            boxes.append(place)


def all_signs(page: pypdfium2.PdfTextPage) -> Iterator[str]:
    for index in range(page.count_chars()):
        yield chr(min(pdfium.FPDFText_GetUnicode(page, index), sys.maxunicode))


def box_of(page: pypdfium2.PdfTextPage, index: int) -> Box | None:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box)):
        return None
    place = Box(box.left, box.bottom, box.right, box.top)
    return place if all(map(math.isfinite, place)) else None


def around(boxes: list[Box]) -> Box:
    lefts, lows, rights, highs = zip(*boxes, strict=True)
    return Box(min(lefts), min(lows), max(rights), max(highs))


def letters(page: pypdfium2.PdfTextPage, index: int) -> tuple[float, int]:
    """The size of a sign in points, and the direction in which its line runs."""
    matrix = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFText_GetMatrix(page, index, ctypes.byref(matrix))
    size = math.hypot(matrix.c, matrix.d) * pdfium.FPDFText_GetFontSize(page, index)
    angle = math.atan2(matrix.b, matrix.a)
    if not math.isfinite(size) or not math.isfinite(angle):
        return LEAST_SIZE, 0
    return max(size, LEAST_SIZE), round(angle / (math.pi / 2)) % 4


def in_order(signs: list[str], boxes: list[Box]) -> list[str]:
    """The signs with those of a glyph that stands for several, as lam with alef, turned round.

    PDFium turns a line that runs leftwards as a whole, and with it what stands in one glyph.
    """
    ordered: list[str] = []
    for _box, group in groupby(zip(signs, boxes, strict=True), key=lambda pair: pair[1]):
        letters = [sign for sign, _box in group]
        is_leftwards = all(unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)
        ordered += reversed(letters) if is_leftwards else letters
    return ordered


def upright(found: list[Word], page: Box) -> tuple[list[Piece], float]:
    """The words with their places on the page as it is read, and the page's height.

    A page is turned so that most of what is on it runs to the right.
    """
    directions = Counter(word.direction for word in found)
    turn = max(directions, key=lambda direction: directions[direction], default=0)
    is_on_its_side = turn in (1, 3)
    height = page.right - page.left if is_on_its_side else page.high - page.low
    return [placed(word, page, turn) for word in found], max(height, 1.0)


def placed(word: Word, page: Box, turn: int) -> Piece:
    left, low, right, high = word.box
    edges = (
        (left - page.left, page.high - high, right - page.left, page.high - low),
        (low - page.low, left - page.left, high - page.low, right - page.left),
        (page.right - right, low - page.low, page.right - left, high - page.low),
        (page.high - high, page.right - right, page.high - low, page.right - left),
    )[turn]
    return Piece(word.text, *edges, word.size)


if __name__ == "__main__":
    main()
