"""What the portal takes as a document, looked through whole once in a bounded process.

PDF, DOCX, XLSX, PPTX, PNG or JPEG, as its name says, with nothing in it that acts or hides. Whoever
takes fewer kinds says which; a PDF is among them everywhere.
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
from alliance.files.names import (
    KINDS,
    OFFICE,
    PDF,
    PICTURES,
    Kinds,
    check_promise,
    label_all,
    please_choose,
)
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

_OTHER_KIND = _("This file is not a %(kinds)s. Please choose another file.")
_NAMED_KIND = _("This is a file of the kind %(kind)s.")
_PROGRAM = _("This file is a program, not a document. Please choose another file.")


def check_document_head(head: bytes, kinds: Kinds = KINDS) -> str | None:
    """A word for the kind of a document by its first bytes; None while they do not suffice.

    Raises FileRefused as soon as it is clear that the portal does not take it.
    """
    if len(head) < _HEAD:
        return None
    if _PDF.match(head):
        return PDF
    if not OFFICE.isdisjoint(kinds):
        if head.startswith(_ZIP):
            return "office"
        if head.startswith(_OLE):
            raise FileRefused(LOCKED_OR_OLD)
    try:
        return _picture_kind(io.BytesIO(head), kinds)
    except PictureCut:
        return None


def check_pdf_head(head: bytes) -> str | None:
    """As `check_document_head`, where nothing but a PDF is taken."""
    return check_document_head(head, [PDF])


def check_document(
    stream: IO[bytes], *, name: str, announced: str = "", kinds: Kinds = KINDS
) -> str:
    """The content type of a whole document, if name and announced type agree; FileRefused."""
    stream.seek(0)
    head = stream.read(_HEAD)
    is_long = len(head) == _HEAD
    kind = check_document_head(head, kinds) if is_long else _picture_kind(stream, kinds)
    if kind == "office":
        kind = check_office(stream)
    elif kind == PDF:
        check_promise(name, announced, kind, kinds)
        check_tail(stream)
        pdf.check_content(stream)
    else:
        kind = _check_picture(stream, kinds)
    check_promise(name, announced, kind, kinds)
    return kind


def keep_document(
    source: IO[bytes],
    purpose: str,
    *,
    name: str,
    sent_size: int,
    announced: str = "",
    uploaded_by: int | None = None,
    kinds: Kinds = KINDS,
) -> StagedUpload:
    """Hold the document in `source` as it was sent; raises FileRefused, worded for its sender."""
    clean_name = staging.clean_name(name)
    kind = check_document(source, name=clean_name, announced=announced, kinds=kinds)
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


def _check_picture(stream: IO[bytes], kinds: Kinds) -> str:
    kind = _picture_kind(stream, kinds)
    check_picture(stream)
    proof = make_public_picture(stream, staging.new_path(), _PROOF_SIDE)
    proof.path.unlink()
    return kind


def _picture_kind(stream: IO[bytes], kinds: Kinds) -> str:
    stream.seek(0)
    head = stream.read(_SCANNED_HEAD)
    if not head.startswith(_PICTURES) or PICTURES.isdisjoint(kinds):
        if is_program(head):
            raise FileRefused(_PROGRAM)
        kind = other_kind(head)
        # Every Office document is a ZIP inside, which tells nothing to whoever chose one.
        if not kind or kind == "ZIP":
            raise FileRefused(_OTHER_KIND % {"kinds": label_all(kinds)})
        raise FileRefused(f"{_NAMED_KIND % {'kind': kind}} {please_choose(kinds)}")
    return read_picture_info(stream).content_type
