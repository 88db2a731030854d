"""What the portal takes as a document, looked through whole once in a bounded process.

PDF, DOCX, XLSX, PPTX, PNG or JPEG, as its name says, with nothing in it that acts or hides.
"""

import io
import logging
import re
import shutil
from typing import IO

from django.utils.translation import gettext_lazy as _

from alliance.files import pdf, staging
from alliance.files.checks import (
    FileRefused,
    NoRoom,
    PictureCut,
    check_picture,
    check_tail,
    is_program,
    other_kind,
    read_picture_info,
)
from alliance.files.names import PDF, check_promise
from alliance.files.office import LOCKED_OR_OLD, check_office
from alliance.files.pictures import make_public_picture
from alliance.files.sizes import KB
from alliance.models import StagedUpload

log = logging.getLogger(__name__)

# How small a picture is drawn to find out whether it can be opened; the drawing is thrown away.
_PROOF_SIDE = 16
_HEAD = 32  # bytes that tell the kind of what the portal takes
_SCANNED_HEAD = 4 * KB
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A PDF that begins with anything else is a page or a program to whoever does not look for a PDF.
_PDF = re.compile(rb"(\xef\xbb\xbf)?\s{0,16}%PDF-")

_OTHER_KIND = _(
    "This file is not a PDF, DOCX, XLSX, PPTX, PNG or JPEG. Please choose another file."
)
_NAMED_KIND = _(
    "This is a file of the kind %(kind)s. Please choose a PDF, DOCX, XLSX, PPTX, PNG or JPEG."
)
_PROGRAM = _("This file is a program, not a document. Please choose another file.")


def check_document_head(head: bytes) -> str | None:
    """A word for the kind of a document by its first bytes; None while they do not suffice.

    Raises FileRefused as soon as it is clear that the portal does not take it.
    """
    if len(head) < _HEAD:
        return None
    if _PDF.match(head):
        return PDF
    if head.startswith(_ZIP):
        return "office"
    if head.startswith(_OLE):
        raise FileRefused(LOCKED_OR_OLD)
    try:
        return _picture_kind(io.BytesIO(head))
    except PictureCut:
        return None


def check_document(stream: IO[bytes], *, name: str, announced: str = "") -> str:
    """The content type of a whole document, if name and announced type agree; FileRefused."""
    stream.seek(0)
    head = stream.read(_HEAD)
    kind = check_document_head(head) if len(head) == _HEAD else _picture_kind(stream)
    if kind == "office":
        kind = check_office(stream)
    elif kind == PDF:
        check_promise(name, announced, kind)
        check_tail(stream)
        pdf.check_content(stream)
    else:
        kind = _check_picture(stream)
    check_promise(name, announced, kind)
    return kind


def keep_document(
    source: IO[bytes],
    purpose: str,
    *,
    name: str,
    sent_size: int,
    announced: str = "",
    uploaded_by: int | None = None,
) -> StagedUpload:
    """Hold the document in `source` as it was sent; raises FileRefused, worded for its sender."""
    kind = check_document(source, name=staging.clean_name(name), announced=announced)
    path = staging.new_path()
    source.seek(0)
    try:
        with path.open("xb") as kept:
            shutil.copyfileobj(source, kept)
    except OSError:
        log.exception("a document could not be written")
        path.unlink(missing_ok=True)
        raise NoRoom from None
    return staging.hold(
        path, purpose, name=name, sent_size=sent_size, content_type=kind, uploaded_by=uploaded_by
    )


def _check_picture(stream: IO[bytes]) -> str:
    kind = _picture_kind(stream)
    check_picture(stream)
    proof = make_public_picture(stream, staging.new_path(), _PROOF_SIDE)
    proof.path.unlink()
    return kind


def _picture_kind(stream: IO[bytes]) -> str:
    stream.seek(0)
    head = stream.read(_SCANNED_HEAD)
    if not head.startswith(_PICTURES):
        if is_program(head):
            raise FileRefused(_PROGRAM)
        kind = other_kind(head)
        raise FileRefused(_NAMED_KIND % {"kind": kind} if kind else _OTHER_KIND)
    return read_picture_info(stream).content_type
