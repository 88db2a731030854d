"""Uploads that arrive in parts: begun, added to, finished; what a lost line cost is sent again.

What is known of one stands in its row, and its bytes are where any web process can take the next part
(see `parts`). Parts are taken in order only: the sender asks how much has arrived and goes on from
there.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from typing import IO, Any

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance import limits
from alliance.exceptions import ServiceAway
from alliance.files.checks import NO_ROOM, FileRefused, NoRoom, check_head
from alliance.files.child import ReadersBusy
from alliance.files.documents import check_document_head, keep_document
from alliance.files.names import KINDS, PDF, Kinds, kind_by_name
from alliance.files.parts import Readable, Written, forget, parts
from alliance.files.sizes import MB
from alliance.files.staging import clean_name, keep_picture
from alliance.files.uploads import (
    BYTES,
    HEAD,
    TOO_MUCH,
    has_room,
    too_large_text,
)
from alliance.limits import Limit
from alliance.models import PartialUpload, StagedUpload

log = logging.getLogger(__name__)

STARTS = Limit("upload-starts", most=120, seconds=limits.HOUR)
MOST_UNFINISHED = 20  # of one network address
MAX_PART = 8 * MB
_SALT = "alliance.files.ticket"
_REFUSAL_SALT = "alliance.files.refusal"

_TOO_MANY = _(
    "Too many files are being sent from your network right now. Yours follows by itself as soon "
    "as one of them has arrived."
)
_MORE_THAN_ANNOUNCED = _("More was sent than the file holds. Please choose the file again.")


_TAKES = PartialUpload.Takes
# The kinds of documents that are taken in parts; pictures are judged by themselves.
KINDS_TAKEN: dict[str, Kinds] = {_TAKES.DOCUMENT: KINDS, _TAKES.PDF: (PDF,)}


class NotNow(FileRefused):
    """Refused for the moment; the same may be tried again after `seconds`."""

    def __init__(self, message: str | Promise, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class OutOfStep(Exception):
    """A part that does not begin where the last one ended; the row says where that is."""


@dataclass(frozen=True)
class Ticket:
    """What a form allows to be sent for one of its fields; bytes, and for a picture pixels.

    It travels through the page, signed, so that the page cannot ask for more.
    """

    purpose: str
    max_bytes: int
    max_side: int = 0
    takes: str = PartialUpload.Takes.PICTURE

    def signed(self) -> str:
        return signing.Signer(salt=_SALT).sign_object(astuple(self))

    @classmethod
    def read(cls, text: str) -> "Ticket":
        """The ticket in `text`; raises BadSignature where it is none of ours."""
        try:
            return cls(*signing.Signer(salt=_SALT).unsign_object(text))
        except ValueError:  # letters that no encoding has
            raise signing.BadSignature from None


def signed_refusal(text: str) -> str:
    """A refusal that the page hands on with its form, so that it stands there with all others."""
    return signing.Signer(salt=_REFUSAL_SALT).sign(text)


def read_refusal(signed: str) -> str:
    """The words of a refusal; empty where they are not ours."""
    try:
        return signing.Signer(salt=_REFUSAL_SALT).unsign(signed)
    except signing.BadSignature:
        return ""


def start(
    ticket: Ticket, *, name: str, size: int, sender: str, by: int | None = None
) -> PartialUpload:
    """Make room for a file of `size` bytes; `sender` as `sender_of` says, `by` is a user's id.

    Raises FileRefused above the ticket's limit and for a name that no document has, NotNow above
    what the disk or the sender may take.
    """
    if kinds := KINDS_TAKEN.get(ticket.takes):
        kind_by_name(clean_name(name), kinds)
    if size > ticket.max_bytes:
        raise FileRefused(too_large_text(ticket.max_bytes))
    if not has_room(size):
        raise NotNow(NO_ROOM, 60)
    with transaction.atomic():
        # Locks the bucket: who starts at once from one address is counted one after the other.
        _take(STARTS, sender, 1)
        if PartialUpload.objects.unfinished().filter(sender=sender).count() >= MOST_UNFINISHED:
            raise NotNow(_TOO_MANY, 20)
        _take(BYTES, sender, size)
        upload = PartialUpload.objects.create(
            purpose=ticket.purpose,
            takes=ticket.takes,
            max_side=ticket.max_side,
            name=clean_name(name),
            size=size,
            sender=sender,
            uploaded_by=by,
        )
        parts().begin(upload)
    return upload


def append(upload: PartialUpload, part: Readable, *, offset: int, length: int) -> PartialUpload:
    """Add the `length` bytes of `part` at `offset`; returns the row as it is then.

    What arrived counts, also where the line broke before the end. Sending a part twice, or two at
    once, raises OutOfStep for all but one and harms nothing. As soon as the first bytes tell that
    it is nothing for us: FileRefused, and the upload is gone. DoesNotExist: it was gone.
    """
    if upload.held_id or offset != upload.offset:
        raise OutOfStep
    if offset + length > upload.size:
        raise FileRefused(_MORE_THAN_ANNOUNCED)
    if not has_room(length):
        raise NotNow(NO_ROOM, 60)
    with _unless_gone(upload):
        written = _write(upload, part, offset, length)
        with transaction.atomic():
            moved = PartialUpload.objects.filter(pk=upload.pk, offset=offset).update(
                offset=F("offset") + written.size, changed_at=timezone.now()
            )
            if moved:
                parts().note(upload, offset, written)
        if not moved:
            parts().drop(written)
            raise OutOfStep
        upload.offset += written.size
        if offset < HEAD:
            _judge_head(upload)
    return upload


@contextmanager
def _unless_gone(upload: PartialUpload) -> Iterator[None]:
    """Where bytes that were sent are missing, forget the upload: DoesNotExist, it begins again."""
    try:
        yield
    except FileNotFoundError:
        cancel(upload)
        raise PartialUpload.DoesNotExist from None


def _write(upload: PartialUpload, part: Readable, offset: int, length: int) -> Written:
    try:
        return parts().write(upload, part, offset, length)
    except (FileNotFoundError, ServiceAway):
        raise
    except OSError:
        log.exception("a part could not be written")
        raise NotNow(NO_ROOM, 60) from None


def finish(upload: PartialUpload) -> StagedUpload | None:
    """Check the whole file and keep it, of a picture our own only; forget what was sent in parts.

    Returns the same for every call; None while another one is at it. Raises OutOfStep before the
    last part, FileRefused for good (the upload is gone then), NotNow while readers are busy or the
    disk is full. DoesNotExist: it is gone.
    """
    try:
        with _unless_gone(upload):
            return _finish(upload)
    except ReadersBusy as busy:
        raise NotNow(busy.message, 5) from None
    except NoRoom as full:
        raise NotNow(full.message, 60) from None
    except FileRefused:
        cancel(upload)
        raise


@transaction.atomic
def _finish(upload: PartialUpload) -> StagedUpload | None:
    # The lock falls with its holder, so a worker that dies here leaves the upload as it was.
    rows = PartialUpload.objects.select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("held").filter(pk=upload.pk).first()
    if row is None or row.held is not None:
        return row.held if row else None
    if row.offset < row.size:
        raise OutOfStep
    with _whole(row) as file:
        row.held = _keep(row, file)
    row.save(update_fields=["held"])
    parts().drop_later(row)
    return row.held


@contextmanager
def _whole(row: PartialUpload) -> Iterator[IO[bytes]]:
    """What has arrived, as a file of this machine; raises NoRoom where it does not go on its disk."""
    with ExitStack() as opened:
        try:
            file = opened.enter_context(parts().whole(row))
        except (FileNotFoundError, ServiceAway):
            raise
        except OSError:
            log.exception("parts could not be put together")
            raise NoRoom from None
        yield file


def _keep(row: PartialUpload, file: IO[bytes]) -> StagedUpload:
    said: dict[str, Any] = {"name": row.name, "sent_size": row.size, "uploaded_by": row.uploaded_by}
    if kinds := KINDS_TAKEN.get(row.takes):
        return keep_document(file, row.purpose, kinds=kinds, **said)
    return keep_picture(file, row.purpose, max_side=row.max_side, **said)


def cancel(upload: PartialUpload) -> None:
    """Forget an unfinished upload at once; what was not sent of it is given back to its sender."""
    if forget(upload, PartialUpload.objects.unfinished()):
        limits.give_back(BYTES, upload.sender, upload.size - upload.offset)


def _take(limit: Limit, sender: str, cost: int) -> None:
    if wait := limits.take(limit, sender, cost):
        raise NotNow(TOO_MUCH, wait)


def _judge_head(upload: PartialUpload) -> None:
    head = parts().head(upload, HEAD)
    kinds = KINDS_TAKEN.get(upload.takes)
    try:
        check_document_head(head, kinds) if kinds else check_head(head)
    except FileRefused:
        cancel(upload)
        raise
