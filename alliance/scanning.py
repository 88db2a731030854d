"""Looks for viruses in private files: each row that says so is scanned, until a verdict stands.

Only a plain OK opens a file, and only of a scanner that has just shown that it finds something and
that it says so when it gives up. Whatever else happens, the file stays closed and due.
"""

import hashlib
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from alliance import audit
from alliance.emails import queue_mail
from alliance.files.clamd import Clamd, NotJudged, ScannerAway, Verdict
from alliance.files.scanner_trials import try_out
from alliance.models.scanned_file import ScannedFile, ScannedFileQuerySet, scanned_models

log = logging.getLogger(__name__)

SCAN_SECONDS = 60
# Whoever takes a file keeps it so long; after that somebody else may, as its worker may be dead.
_LEASE = timedelta(seconds=SCAN_SECONDS + 30)
# Minutes to wait after the first, second, … scan in vain; the last one for good.
RETRY_AFTER_MINUTES = (1, 5, 15, 60, 180, 360)
# So many times the scanner is to blame when it goes silent over a file, then the file is.
_DOUBTED_AFTER = 2
# A scanner that did well is tried out again after so many seconds, one that did not sooner.
_TRIED_EVERY = 60
_TRIED_AGAIN_AFTER = 10
_KEY = "alliance.scanner"
_SILENT_AFTER = timedelta(minutes=5)
UNUSUALLY_LONG = timedelta(minutes=15)


@dataclass(frozen=True)
class ScannerState:
    """How the last trial of the scanner went: `trouble` in its own words, empty when it did well."""

    trouble: str
    since: datetime
    at: datetime


class Scanner:
    """What one worker knows of the scanner at `CLAMD_URL`; it scans whatever is due."""

    def __init__(self) -> None:
        self._next_trial = 0.0
        self._is_well = False

    def work(self) -> int:
        """Scan what is due, as long as the scanner does well; returns how many files were judged.

        Any number of workers may do so at once; nothing happens without a scanner.
        """
        if not settings.CLAMD_URL:
            return 0
        judged = 0
        while self._does_well() and (kept := _claim_next()) is not None:
            judged += self._scan(kept)
        return judged

    def _does_well(self) -> bool:
        if time.monotonic() >= self._next_trial:
            try:
                try_out(Clamd.at(settings.CLAMD_URL))
            except (ScannerAway, NotJudged, ValueError) as trouble:
                self._note(str(trouble) or type(trouble).__name__)
            else:
                self._note("")
                _take_in_unscanned()
        return self._is_well

    def _note(self, trouble: str) -> None:
        self._is_well = not trouble
        self._next_trial = time.monotonic() + (_TRIED_AGAIN_AFTER if trouble else _TRIED_EVERY)
        now, before = timezone.now(), scanner_state()
        has_changed = before is None or bool(before.trouble) != bool(trouble)
        since = now if has_changed or before is None else before.since
        cache.set(_KEY, (trouble, since, now), timeout=None)
        if has_changed and trouble:
            log.error("the virus scanner cannot be used", extra={"trouble": trouble})
        elif has_changed:
            log.info("the virus scanner does well")

    def _scan(self, kept: ScannedFile) -> bool:
        """Scan one claimed file; True if a verdict stands now."""
        try:
            verdict = _ask(kept)
        except ScannerAway as away:
            self._next_trial = 0
            _put_off(kept, str(away), is_about_the_file=kept.scan_attempts >= _DOUBTED_AFTER)
        except (NotJudged, OSError) as reason:
            _put_off(kept, str(reason), is_about_the_file=True)
        else:
            return _settle(kept, verdict)
        return False


def scanner_state() -> ScannerState | None:
    """How the scanner did when last tried, one look-up; None where nothing was heard of it yet."""
    found = cache.get(_KEY)
    return ScannerState(*found) if found else None


def scanner_trouble() -> str:
    """Why files cannot be scanned at the moment; empty where they can, or need not be."""
    if not settings.CLAMD_URL:
        return ""
    state = scanner_state()
    if state is None or timezone.now() - state.at > _SILENT_AFTER:
        return "no worker has tried the scanner in the last minutes"
    return state.trouble


def count_waiting_unusually_long() -> int:
    """How many files have been without a verdict for a quarter of an hour; a query a model."""
    if not settings.CLAMD_URL:
        return 0
    before = timezone.now() - UNUSUALLY_LONG
    return sum(files.unchecked_since(before).count() for files in _all_files())


def _all_files() -> Iterator[ScannedFileQuerySet[ScannedFile]]:
    return map(ScannedFileQuerySet, scanned_models())


def _take_in_unscanned() -> None:
    """What came while there was no scanner is due now that there is one."""
    for files in _all_files():
        files.filter(scan=ScannedFile.Scan.NOT_SCANNED).update(
            scan=ScannedFile.Scan.WAITING, scan_due_at=timezone.now()
        )


def _claim_next() -> ScannedFile | None:
    """A due file of any model, kept from others for as long as a scan may take."""
    for files in _all_files():
        with transaction.atomic():
            kept = files.due().select_for_update(skip_locked=True, of=("self",)).first()
            if kept is not None:
                kept.scan_due_at = timezone.now() + _LEASE
                kept.save(update_fields=["scan_due_at"])
                return kept
    return None


class _Hashed:
    """A file that knows what has been read of it."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.hash = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        piece: bytes = self.file.read(size)
        self.hash.update(piece)
        return piece


def _ask(kept: ScannedFile) -> Verdict:
    with kept.file.open("rb") as file:
        hashed = _Hashed(file)
        verdict = Clamd.at(settings.CLAMD_URL).scan(hashed, SCAN_SECONDS)
    if verdict.is_clean and hashed.hash.hexdigest() != kept.sha256:
        raise NotJudged("the stored file is not the one that was sent")
    return verdict


def _put_off(kept: ScannedFile, word: str, *, is_about_the_file: bool) -> None:
    attempts = kept.scan_attempts + 1
    minutes = RETRY_AFTER_MINUTES[min(attempts, len(RETRY_AFTER_MINUTES)) - 1]
    _still_claimed(kept).update(
        scan=kept.Scan.FAILED if is_about_the_file else kept.Scan.WAITING,
        scan_word=word[:200],
        scan_attempts=attempts,
        scan_due_at=timezone.now() + timedelta(minutes=minutes),
    )
    log.warning("file not scanned", extra={"file": kept.pk.hex, "reason": word})


@transaction.atomic
def _settle(kept: ScannedFile, verdict: Verdict) -> bool:
    """Write the verdict; of two who scanned the same file one does."""
    settled = _still_claimed(kept).update(
        scan=kept.Scan.CLEAN if verdict.is_clean else kept.Scan.REFUSED,
        scan_word=verdict.found[:200],
        scanned_at=timezone.now(),
        scan_due_at=None,
    )
    if settled and not verdict.is_clean:
        _tell_of_refusal(kept)
    return bool(settled)


def _still_claimed(kept: ScannedFile) -> ScannedFileQuerySet[ScannedFile]:
    files: ScannedFileQuerySet[ScannedFile] = ScannedFileQuerySet(type(kept))
    return files.filter(pk=kept.pk, scan_due_at=kept.scan_due_at)


def _tell_of_refusal(kept: ScannedFile) -> None:
    log.warning("virus found", extra={"file": kept.pk.hex})
    audit.record("file.refused", by=None, about=kept.about, file=kept.pk.hex)
    if kept.added_by is not None:
        page_url = settings.SITE_URL + kept.get_absolute_url()
        context = {"user": kept.added_by, "file": kept, "page_url": page_url}
        queue_mail(
            "file_refused", kept.added_by.email, context, reply_to=settings.SECRETARIAT_EMAIL
        )
