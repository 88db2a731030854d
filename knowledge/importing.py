"""How a PDF comes into the library: checked, measured, and kept as the next version."""

import hashlib
import io
from typing import IO

from django.core.files.base import File
from django.db import transaction

from alliance.audit import record
from alliance.files.keeping import store_privately
from alliance.files.names import PDF
from alliance.files.pdf import check_content, check_pdf
from knowledge.indexing import mark_due
from knowledge.models import Edition, EditionFile
from organizations.models import User


@transaction.atomic
def add_version(
    edition: Edition, *, pdf: IO[bytes] | File, is_digest: bool, by: User | None
) -> EditionFile:
    """Keep `pdf` as the edition's current version and return it.

    The current file sent once more is recognised: nothing is added. `by` is None for what the
    portal ships. Its text is read by the worker. Raises FileRefused, also for what is locked, acts
    by itself or hides other files: readers open what the library hands out without a second look.
    """
    check_pdf(pdf)
    pages = check_content(pdf)
    Edition.objects.select_for_update().get(pk=edition.pk)
    sha256 = _sha256(pdf)
    current = EditionFile.objects.filter(edition=edition).order_by("-number").first()
    if current is not None and current.sha256 == sha256:
        return current
    version = store_privately(
        EditionFile,
        pdf,
        name=f"{edition.report.slug}.pdf",
        size=pdf.seek(0, io.SEEK_END),
        sha256=sha256,
        content_type=PDF,
        by=by,
        edition=edition,
        number=current.number + 1 if current else 1,
        page_count=pages,
        is_digest=is_digest,
    )
    mark_due(edition.report)
    record("report.file_added", by=by, about=edition.report, version=version.number)
    return version


def _sha256(pdf: IO[bytes] | File) -> str:
    pdf.seek(0)
    checksum = hashlib.sha256()
    while chunk := pdf.read(2**20):
        checksum.update(chunk)
    return checksum.hexdigest()
