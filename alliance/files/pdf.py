"""PDF files: told by their first bytes, opened in a bounded process only."""

import logging
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from alliance.files.checks import FileRefused
from alliance.files.child import OutOfTime, confined_verdict, run_confined

log = logging.getLogger(__name__)

_WORKER = Path(__file__).with_name("pdf_worker.py")
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


def check_content(stream: IO[bytes] | File) -> None:
    """Raise FileRefused for a PDF that is damaged or locked, and for one that acts or hides files."""
    verdict = confined_verdict(_CONTENT_WORKER, stream)
    if "pages" not in verdict:
        refusal = str(verdict.get("refused", "damaged"))
        log.info("pdf refused", extra={"reason": refusal})
        raise FileRefused(_REFUSALS.get(refusal, _REFUSALS["damaged"]))


def count_pages(pdf: IO[bytes] | File) -> int | None:
    """The number of pages, found in a bounded process; None for a file that cannot be read."""
    try:
        answer = run_confined(_WORKER, source=pdf)
    except OutOfTime:
        return None
    if answer.status or not answer.said.isdigit():
        log.warning("pdf worker found no pages", extra={"exit": answer.status})
        return None
    return int(answer.said)
