"""PDF files: told by their first bytes, opened in a bounded process only."""

import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from alliance.files import staging
from alliance.files.checks import FileRefused, PictureRefused
from alliance.files.child import OutOfTime, confined_verdict, run_confined, slot
from alliance.files.pictures import make_public_picture, store_public_picture
from alliance.files.sizes import KB

log = logging.getLogger(__name__)

_TEXT_WORKER = Path(__file__).with_name("pdf_text_worker.py")
_COVER_WORKER = Path(__file__).with_name("pdf_cover_worker.py")
# A thousand pages of small print take less than half of it.
READING_SECONDS = 120
# A cover in pixels, half as many again as it is shown with, and in bytes where it is a drawing: with
# it a report's page has to come in 60 kB.
_COVER_WIDTH, _COVER_HEIGHT = 320, 480
_COVER_LOSSLESS_UP_TO = 12 * KB
# ISO 32000-2, annex I: readers look for the header in the first 1,024 bytes.
_HEADER_WITHIN = 1024

_CONTENT_WORKER = Path(__file__).with_name("pdf_content_worker.py")

_REFUSALS = {
    "action": _(
        "This PDF does something by itself: it opens another file or address, plays something, or "
        "sends data. Please print it to a new PDF, and choose that."
    ),
    "damaged": _(
        "This PDF cannot be opened: it is damaged or not complete. Please save it again, or choose "
        "another file."
    ),
    "files": _(
        "This PDF has other files attached to it. Please print it to a new PDF, and send the other "
        "files one by one."
    ),
    "links": _(
        "This PDF has links that lead to a folder or start a program. Please remove them, or print "
        "it to a new PDF, and choose that."
    ),
    "locked": _(
        "This PDF is locked or restricted with a password. Please save it without one, or print it "
        "to a new PDF, and choose that."
    ),
    "script": _(
        "This PDF holds program code (JavaScript or an XFA form). Please print it to a new PDF, "
        "and choose that."
    ),
}
_NOT_A_PDF = _("This file is not a PDF. Please choose another file.")


def begins_as_pdf(head: bytes) -> bool:
    return b"%PDF-" in head[:_HEADER_WITHIN]


def check_pdf(stream: IO[bytes] | File) -> None:
    """Raise FileRefused, worded for the sender, for what does not begin as a PDF does."""
    stream.seek(0)
    if not begins_as_pdf(stream.read(_HEADER_WITHIN)):
        raise FileRefused(_NOT_A_PDF)


def check_content(stream: IO[bytes] | File) -> int:
    """The number of pages of a PDF that is sound, and neither acts nor hides files; FileRefused."""
    verdict = confined_verdict(_CONTENT_WORKER, stream)
    if "pages" not in verdict:
        refusal = str(verdict.get("refused", "damaged"))
        log.info("pdf refused", extra={"reason": refusal})
        raise FileRefused(_REFUSALS.get(refusal, _REFUSALS["damaged"]))
    return int(verdict["pages"])


@dataclass(frozen=True)
class PageText:
    """The text of one page, counted from one."""

    number: int
    text: str


@dataclass(frozen=True)
class PdfText:
    """What was read of a PDF: `is_cut` where not all of it was, `language` empty where unknown.

    `titles` are what the file says it is called, and what its first page says in large letters.
    `pages` reads on from the child's file, page by page, and can be gone through once.
    """

    page_count: int
    is_cut: bool
    language: str
    titles: tuple[str, str]
    pages: Iterator[PageText]


class Unreadable(Exception):
    """The program that reads PDF files came to no end with this one."""


@contextmanager
def read_text(pdf: IO[bytes] | File) -> Iterator[PdfText]:
    """The text of a PDF, read in a bounded process, one PDF at a time on this machine.

    Raises Unreadable, and ReadersBusy where another is being read for too long.
    """
    with tempfile.TemporaryFile() as output:
        try:
            with slot("reading", places=1):
                answer = run_confined(
                    _TEXT_WORKER, source=pdf, output=output, seconds=READING_SECONDS
                )
            verdict = json.loads(answer.said)
            output.seek(0)
            text = PdfText(
                page_count=int(verdict["pages"]),
                is_cut=bool(verdict["is_cut"]),
                language=str(verdict["language"]),
                titles=_titles(*verdict["titles"]),
                pages=map(_page_text, output),
            )
        except (OutOfTime, ValueError, KeyError, TypeError) as error:
            raise Unreadable from error
        yield text


def _titles(named: object, largest: object) -> tuple[str, str]:
    return _plain(named), _plain(largest)


def _plain(text: object) -> str:
    """What the child says, as the database takes it."""
    return str(text).replace("\0", "").encode(errors="ignore").decode()


def _page_text(line: bytes) -> PageText:
    """A page from the child, whose word on what it wrote is not taken."""
    try:
        page = json.loads(line)
        return PageText(int(page["number"]), _plain(page["text"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable from error


def store_cover(pdf: IO[bytes] | File) -> str:
    """Draw the first page into the public storage; its name there, empty where that went wrong.

    Raises ReadersBusy and NoRoom.
    """
    sides = (str(_COVER_WIDTH), str(_COVER_HEIGHT))
    with tempfile.TemporaryFile() as drawing:
        try:
            with slot("reading", places=1):
                run_confined(_COVER_WORKER, *sides, source=pdf, output=drawing)
            cover = make_public_picture(
                drawing,
                staging.new_path(),
                _COVER_HEIGHT,
                lossless_up_to=_COVER_LOSSLESS_UP_TO,
            )
        except (OutOfTime, PictureRefused):
            log.warning("no cover could be drawn")
            return ""
    try:
        with cover.path.open("rb") as picture:
            return store_public_picture(picture, cover.path.suffix)
    finally:
        cover.path.unlink(missing_ok=True)
