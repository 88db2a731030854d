"""Work that is left to the worker: the text of PDF files, page by page, and their covers."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from itertools import islice
from typing import IO

from django.core.files.base import File
from django.db import Error, connections, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from alliance.files.checks import NoRoom
from alliance.files.child import ReadersBusy
from alliance.files.pdf import (
    PageText,
    PdfText,
    Unreadable,
    read_text,
    store_cover,
)
from knowledge.drafts import fill_in_language, fill_in_title
from knowledge.indexing import mark_due
from knowledge.models import EditionFile, Page
from knowledge.models.edition import EditionFileQuerySet

log = logging.getLogger(__name__)

# Whoever takes a file keeps it so long, and says again and again that it still does: reading takes
# minutes. After that its worker is taken for dead.
_LEASE = timedelta(seconds=75)
_RENEWED_EVERY = 15  # seconds
_AGAIN_AFTER = timedelta(minutes=5)
# A file that so many workers did not come back from is not read again by itself.
_MOST_ATTEMPTS = 3
_BATCH = 200


def read_due_files() -> int:
    """Read every PDF whose text is due, the longest waiting first; returns how many. A sweep.

    Any number of workers may do so at once.
    """
    read = 0
    while (version := _claim_next()) is not None:
        read += _read(version)
    return read


def read_again() -> int:
    """Make the text of each edition's newest file without a virus due once more; returns how many.

    What was read before stands until the new text takes its place.
    """
    readable = EditionFile.objects.without_finding().filter(edition=OuterRef("edition"))
    newest = readable.order_by("-number").values("pk")[:1]
    return EditionFile.objects.filter(pk=Subquery(newest)).update(
        text_due_at=timezone.now(), text_attempts=0
    )


@transaction.atomic
def _claim_next() -> EditionFile | None:
    """A due file, kept from others for a while."""
    due = EditionFile.objects.due_for_reading().select_related("edition__report")
    version = due.select_for_update(skip_locked=True, of=("self",)).first()
    if version is not None:
        version.text_due_at = timezone.now() + _LEASE
        version.text_attempts += 1
        version.save(update_fields=["text_due_at", "text_attempts"])
    return version


def _read(version: EditionFile) -> bool:
    """Read one claimed file; True if it is done with, for good or ill."""
    if version.text_attempts > _MOST_ATTEMPTS:
        return _settle(version, EditionFile.Text.FAILED)
    try:
        with version.file.open("rb") as pdf:
            return _take_in(version, pdf)
    except Unreadable:
        return _settle(version, EditionFile.Text.FAILED)
    except (ReadersBusy, NoRoom, OSError) as reason:
        log.warning("file not read", extra={"file": version.pk.hex, "reason": str(reason)})
        _still_claimed(version).update(text_due_at=timezone.now() + _AGAIN_AFTER)
        return False


def _take_in(version: EditionFile, pdf: IO[bytes] | File) -> bool:
    with ExitStack() as reading:
        with _kept_from_others(version):
            version.cover = store_cover(pdf)
            text = reading.enter_context(read_text(pdf))
        version.page_count = text.page_count
        version.text_is_cut = text.is_cut
        version.language_found = text.language[:12]
        return _settle(version, EditionFile.Text.READ, text)


@contextmanager
def _kept_from_others(version: EditionFile) -> Iterator[None]:
    """Renew the claim on the file as long as the block takes."""
    is_over = threading.Event()

    def renew() -> None:
        while not is_over.wait(_RENEWED_EVERY):
            due = timezone.now() + _LEASE
            # Without a database it cannot be renewed; whether it is still ours, the end asks.
            with suppress(Error):
                if _still_claimed(version).update(text_due_at=due):
                    version.text_due_at = due
        connections.close_all()

    renewing = threading.Thread(target=renew, name="renewing")
    renewing.start()
    try:
        yield
    finally:
        is_over.set()
        renewing.join()


def _settle(version: EditionFile, state: EditionFile.Text, text: PdfText | None = None) -> bool:
    """Write what came out, in one transaction; of two who read the same file one does."""
    with transaction.atomic():
        if not _still_claimed(version).select_for_update(of=("self",)).exists():
            return False
        has_words = text is not None and _keep_pages(version, text)
        if state == EditionFile.Text.READ and not has_words:
            state = EditionFile.Text.EMPTY
        version.text_state = state
        version.text_read_at = version.text_due_at = timezone.now()
        version.save(
            update_fields=[
                *("text_state", "text_read_at", "text_due_at", "text_is_cut"),
                *("page_count", "language_found", "cover"),
            ]
        )
        fill_in_language(version)
        fill_in_title(version, text.titles if text is not None else ("", ""))
        mark_due(version.edition.report)
    log.info("file read", extra={"file": version.pk.hex, "outcome": state.value})
    return True


def _keep_pages(version: EditionFile, text: PdfText) -> bool:
    """Put the pages in the place of those of older versions; False where none has a word."""
    others = EditionFile.objects.filter(edition=version.edition_id).exclude(pk=version.pk)
    is_replaced = others.filter(
        number__gt=version.number, text_state__in=[EditionFile.Text.READ, EditionFile.Text.EMPTY]
    ).exists()
    Page.objects.filter(file=version).delete()
    has_words = False
    for pages in _batches(text.pages):
        has_words = has_words or any(page.text for page in pages)
        if not is_replaced:
            Page.objects.bulk_create(
                Page(file=version, number=page.number, text=page.text) for page in pages
            )
    Page.objects.filter(file__in=others.filter(number__lt=version.number)).delete()
    return has_words


def _batches(pages: Iterator[PageText]) -> Iterator[list[PageText]]:
    while batch := list(islice(pages, _BATCH)):
        yield batch


def _still_claimed(version: EditionFile) -> EditionFileQuerySet:
    return EditionFile.objects.filter(pk=version.pk, text_due_at=version.text_due_at)
