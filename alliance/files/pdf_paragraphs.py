"""From the lines of all pages to text: paragraphs apart, and words whole that were broken.

Knows nothing of PDF files, and needs nothing but Python.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from alliance.files.pdf_characters import SOFT_HYPHEN
from alliance.files.pdf_columns import Line
from alliance.files.pdf_heads import without_heads

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BROKEN = re.compile(rf"([^\W\d_]+(?:-[^\W\d_]+)*)[-‐{SOFT_HYPHEN}]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
# What stands before a hyphen that belongs to the word.
_HYPHENED = frozenset(
    [
        "all",
        "anti",
        "best",
        "co",
        "cross",
        "ex",
        "face",
        "full",
        "half",
        "high",
        "in",
        "large",
        "long",
        "low",
        "mid",
        "middle",
        "multi",
        "near",
        "non",
        "on",
        "one",
        "peer",
        "post",
        "pre",
        "self",
        "semi",
        "short",
        "single",
        "small",
        "so",
        "south",
        "north",
        "east",
        "west",
        "state",
        "sub",
        "third",
        "three",
        "top",
        "two",
        "up",
        "value",
        "well",
        "world",
        "year",
    ]
)
# These make one word with what follows them more often than two.
_CLOSED = frozenset(
    [
        "any",
        "can",
        "every",
        "for",
        "here",
        "how",
        "in",
        "inter",
        "on",
        "out",
        "over",
        "some",
        "there",
        "through",
        "under",
        "up",
        "with",
    ]
)
# Lines of one paragraph do not stand closer or further apart, in sizes of their letters.
_CLOSE, _FAR = 1.0, 1.7
# A line of running text has so many signs, also in a narrow column.
_RUNNING = 36
_BULLET = re.compile(r"(?:[•▪◦‣■●–—*-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
_END = re.compile(r"[.!?:;。！？：；؟۔।][\"'”’»)\]]*[\d¹²³⁰-⁹]{0,3}$")
# Scripts whose words are not parted by blanks.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
)


def texts(pages: Sequence[list[Line]], heights: Sequence[float]) -> Iterator[str]:
    """The text of each page; `heights` are those of the pages, in points."""
    pages = without_heads(pages, heights)
    words = _known_words(pages)
    last: list[str] | None = None
    for lines in pages:
        paragraphs = [_run_together(part, words) for part in _paragraphs(lines)]
        if last is not None:
            _make_whole(last, paragraphs, words)
            yield _text(last)
        last = paragraphs
    if last is not None:
        yield _text(last)


def _make_whole(page: list[str], following: list[str], words: set[str]) -> None:
    """Give a word that was broken between two pages to the first of them."""
    if not page or not following or not _BROKEN.search(page[-1][-80:]):
        return
    rest = re.match(r"[^\W\d_]\S*\s?", following[0])
    if rest and rest[0][0].islower():
        page[-1] = _append(page[-1], rest[0].strip(), words)
        following[0] = following[0][rest.end() :]


def _text(paragraphs: list[str]) -> str:
    whole = (paragraph.replace(SOFT_HYPHEN, "").strip() for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in whole if paragraph)


def _known_words(pages: Sequence[list[Line]]) -> set[str]:
    """The words that stand within lines, and so are whole."""
    return {
        word
        for lines in pages
        for line in lines
        for word in _WORD.findall(line.text.casefold())[1:-1]
    }


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    pitch = _usual_pitch(lines)
    held: list[Line] = []
    for line in lines:
        if held and not _goes_on(held, line, pitch):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _usual_pitch(lines: list[Line]) -> float:
    """How far, most often, one line stands below the other, in sizes of its letters."""
    return median(
        [
            (below.piece.middle - line.piece.middle) / line.piece.size
            for line, below in pairwise(lines)
            if line.block == below.block
        ]
        or [1.2]
    )


def _goes_on(held: list[Line], line: Line, pitch: float) -> bool:
    """Whether `line` belongs to the paragraph that the lines in `held` began."""
    last = held[-1]
    if not 0.87 < line.piece.size / last.piece.size < 1.15:
        return False
    if _BULLET.match(line.text) or line.is_row or last.is_row:
        return False
    if line.block != last.block:
        return not _END.search(last.text) and _begins_within(line.text)
    distance = (line.piece.middle - last.piece.middle) / last.piece.size
    if distance > 1.3 * min(max(pitch, _CLOSE), _FAR):
        return False
    has_ended = bool(_END.search(last.text))
    if _ends_early(last) and (has_ended or (len(held) == 1 and _is_heading(last, line))):
        return False
    is_indented = line.piece.left - last.piece.left > 0.8 * line.piece.size
    return not (is_indented and has_ended)


def _ends_early(line: Line) -> bool:
    """Whether the line leaves a fifth of its block empty where text of its direction ends."""
    width = line.block_right - line.block_left
    room = max(line.block_right - line.piece.right, line.piece.left - line.block_left)
    return room > 0.2 * width


def _is_heading(line: Line, below: Line) -> bool:
    """Whether `line` stands above running text and was ended though a word more had room in it.

    So headings are told that are set in letters as large as the text. Titles of several short
    lines are none, and scripts without capitals do not show it.
    """
    if len(below.text) < _RUNNING or _ends_early(below) or not below.text[:1].isupper():
        return False
    word = len(below.text.split(maxsplit=1)[0]) + 1
    sign = (below.piece.right - below.piece.left) / len(below.text)
    return line.block_right - line.piece.right > 1.2 * word * sign


def _begins_within(text: str) -> bool:
    """Whether the first letter is one with which sentences do not begin, where scripts differ."""
    first = next((sign for sign in text if sign.isalnum()), "")
    return first.islower() or unicodedata.category(first or " ") == "Lo"


def _run_together(lines: list[Line], words: set[str]) -> str:
    text = lines[0].text
    for line in lines[1:]:
        text = _append(text, line.text, words)
    return text


def _append(text: str, more: str, words: set[str]) -> str:
    """The text with the next line behind it; a word that was broken between them is whole again."""
    if _UNSPACED.match(text[-1:]) and _UNSPACED.match(more[:1]):
        return text + more
    broken, following = _BROKEN.search(text[-80:]), _FIRST_WORD.match(more[:80])
    if broken and following and following[0][0].islower():
        keeps = _keeps_hyphen(broken[1], following[0], words)
        return text[:-1] + ("-" if keeps else "") + more
    if broken or text.endswith(SOFT_HYPHEN):
        # "South-" before "South", or a range of years: the hyphen belongs there.
        return text[:-1] + "-" + more if broken and following else text + more
    if re.search(r"\d[-–]$", text) and more[:1].isdigit():
        return text + more
    ending = _LAST_WORD.search(text[-80:])
    if ending and following and _is_one_word(ending[0], following[0], words):
        return text + more
    return f"{text} {more}"


def _keeps_hyphen(before: str, after: str, words: set[str]) -> bool:
    """Whether the hyphen stands in the word itself: by how the document writes it elsewhere."""
    before, after = before.casefold(), after.casefold()
    last = before.rsplit("-", 1)[-1]
    if f"{last}-{after}" in words or f"{before}-{after}" in words:
        return True
    if f"{last}{after}" in words:
        return False
    if last in _HYPHENED or "-" in before:
        return True
    return last not in _CLOSED and last in words and after in words and len(after) > 3


def _is_one_word(ending: str, beginning: str, words: set[str]) -> bool:
    """Whether a word was broken without a sign, as where a soft hyphen got lost."""
    if not beginning.islower() or not ending.islower() or len(ending) < 2:
        return False
    whole = ending + beginning
    return whole in words and not (ending in words and beginning in words)
