"""Office files: DOCX, XLSX and PPTX, looked through in a bounded process before they are kept."""

import logging
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from alliance.files.checks import SOMETHING_ELSE_INSIDE_A_FILE, FileRefused
from alliance.files.child import confined_verdict

log = logging.getLogger(__name__)

_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{_OFFICE}wordprocessingml.document"
XLSX = f"{_OFFICE}spreadsheetml.sheet"
PPTX = f"{_OFFICE}presentationml.presentation"
_KINDS = {"docx": DOCX, "xlsx": XLSX, "pptx": PPTX}
_WORKER = Path(__file__).with_name("office_worker.py")

LOCKED_OR_OLD = _(
    "This file is locked with a password, or of an older Office kind (DOC, XLS, PPT). Please open "
    "it, remove the password, save it as DOCX, XLSX, PPTX or PDF, and choose the new file."
)
_REFUSALS = {
    "archive": _(
        "This is an archive (ZIP), not a document. Please take the documents out of it, and send "
        "them one by one."
    ),
    "bomb": _(
        "This file unpacks to far more than a document holds. Please save it as PDF, and choose "
        "the PDF."
    ),
    "damaged": _(
        "This file is damaged or not complete. Please open it in your Office program, save it "
        "again, and choose the new file."
    ),
    "dde": _(
        "This file has fields that can start other programs (DDE). Please save it as PDF, and "
        "choose the PDF."
    ),
    "inside": SOMETHING_ELSE_INSIDE_A_FILE,
    "kind": _(
        "This file is neither a document, a spreadsheet nor a presentation; it may be a template "
        "or a slide show. Please save it as DOCX, XLSX, PPTX or PDF, and choose the new file."
    ),
    "links": _(
        "This file has links that lead to a folder or start a program. Please remove them, or "
        "save it as PDF, and choose the new file."
    ),
    "locked": LOCKED_OR_OLD,
    "macros": _(
        "This file holds macros, which are programs. Please save it without them, as DOCX, XLSX, "
        "PPTX or PDF, and choose the new file."
    ),
    "object": _(
        "This file has another file or program built into it. Please save it as PDF, and choose "
        "the PDF."
    ),
    "remote": _(
        "This file fetches a template, a picture or data from elsewhere when it is opened. Please "
        "save it as PDF, and choose the PDF."
    ),
}


def check_office(stream: IO[bytes] | File) -> str:
    """The content type of an Office file that is sound and has nothing that acts; FileRefused."""
    verdict = confined_verdict(_WORKER, stream)
    kind = _KINDS.get(str(verdict.get("kind")))
    if kind is None:
        refusal = str(verdict.get("refused", "damaged"))
        log.info("office file refused", extra={"reason": refusal})
        raise FileRefused(_REFUSALS.get(refusal, _REFUSALS["damaged"]))
    return kind
