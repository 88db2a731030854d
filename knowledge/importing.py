"""How a PDF comes into the library: checked, measured, and kept as the next version."""

import hashlib
import io
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance.audit import record
from alliance.files.checks import FileRefused
from alliance.files.sizes import GB
from knowledge.models import Edition, EditionFile
from organizations.models import User

log = logging.getLogger(__name__)

_WORKER = Path(__file__).with_name("pdf_worker.py")
_MEMORY = 1 * GB  # address space
_CPU_SECONDS = 15
_WALL_SECONDS = 30
# ISO 32000-2, annex I: readers look for the header in the first 1,024 bytes.
_HEADER_WITHIN = 1024

_NOT_A_PDF = _("This file is not a PDF. Please choose another file.")


def check_pdf(stream: IO[bytes] | File) -> None:
    """Raise FileRefused, worded for the sender, for what does not begin as a PDF does."""
    stream.seek(0)
    if b"%PDF-" not in stream.read(_HEADER_WITHIN):
        raise FileRefused(_NOT_A_PDF)


@transaction.atomic
def add_version(
    edition: Edition, *, pdf: IO[bytes] | File, is_digest: bool, by: User | None
) -> EditionFile:
    """Keep `pdf` as the edition's current version and return it.

    The current file sent once more is recognised: nothing is added. `by` is None for what the
    portal ships. Raises FileRefused.
    """
    check_pdf(pdf)
    Edition.objects.select_for_update().get(pk=edition.pk)
    sha256 = _sha256(pdf)
    current = EditionFile.objects.filter(edition=edition).order_by("-number").first()
    if current is not None and current.sha256 == sha256:
        return current
    version = EditionFile(
        edition=edition,
        number=current.number + 1 if current else 1,
        sha256=sha256,
        size=pdf.seek(0, io.SEEK_END),
        page_count=count_pages(pdf),
        is_digest=is_digest,
    )
    pdf.seek(0)
    version.file.save(f"{edition.report.slug}.pdf", File(pdf), save=False)
    version.save()
    record("report.file_added", by=by, about=edition.report, version=version.number)
    return version


def count_pages(pdf: IO[bytes] | File) -> int | None:
    """The number of pages, found in a bounded process; None for a file that cannot be read."""
    os.lseek(pdf.fileno(), 0, os.SEEK_SET)
    try:
        result = subprocess.run(
            [sys.executable, "-I", str(_WORKER), str(_MEMORY), str(_CPU_SECONDS)],
            stdin=pdf.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
            timeout=_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("pdf worker stopped: out of time")
        return None
    if result.returncode or not result.stdout.isdigit():
        log.warning("pdf worker found no pages", extra={"exit": result.returncode})
        return None
    return int(result.stdout)


def _sha256(pdf: IO[bytes] | File) -> str:
    pdf.seek(0)
    checksum = hashlib.sha256()
    while chunk := pdf.read(2**20):
        checksum.update(chunk)
    return checksum.hexdigest()
