"""What the portal takes as a paper: PDF, PNG or JPEG, opened whole once in a bounded process."""

import io
from typing import IO

from django.utils.translation import gettext_lazy as _

from alliance.files import pdf, staging
from alliance.files.checks import FileRefused, PictureCut, check_picture, read_picture_info
from alliance.files.pictures import make_public_picture

PDF = "application/pdf"
ENDINGS = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
# How small a picture is drawn to find out whether it can be opened; the drawing is thrown away.
_PROOF_SIDE = 16

_OTHER_KIND = _("This file is not a PDF, PNG or JPEG. Please choose another file.")
_DAMAGED_PDF = _(
    "This PDF cannot be opened: it is damaged, or locked with a password. Please save it again "
    "without one, or choose another file."
)


def check_document_head(head: bytes) -> str | None:
    """The kind of a document by its first bytes; None while they do not suffice.

    Raises FileRefused as soon as it is clear that the portal does not take it.
    """
    if len(head) < 32:
        return None
    if pdf.begins_as_pdf(head):
        return PDF
    try:
        return _picture_kind(io.BytesIO(head))
    except PictureCut:
        return None


def check_document(stream: IO[bytes]) -> str:
    """The kind of a whole document, opened once to be sure; raises FileRefused."""
    stream.seek(0)
    if pdf.begins_as_pdf(stream.read(32)):
        if not pdf.count_pages(stream):
            raise FileRefused(_DAMAGED_PDF)
        return PDF
    kind = _picture_kind(stream)
    check_picture(stream)
    proof = make_public_picture(stream, staging.new_path(), _PROOF_SIDE)
    proof.path.unlink()
    return kind


def _picture_kind(stream: IO[bytes]) -> str:
    kind = read_picture_info(stream).content_type
    if kind not in ENDINGS:
        raise FileRefused(_OTHER_KIND)
    return kind
