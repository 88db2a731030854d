"""How files arrive: streamed to disk, within the limits of the view that they are sent to.

A view says which fields take a file and how large; without a word it takes none:

    @accepts_files(logo=1 * GB)
    def register(request): ...

Such a file is a picture, or with `accepts_documents` a document: its first bytes decide at once
whether the rest is worth writing. A field that takes more than one says `Several(10, 20 * MB)`.
"""

import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance import limits, turned_away
from alliance.files.checks import NO_ROOM, FileRefused, check_head
from alliance.files.documents import check_document_head, check_pdf_head
from alliance.files.sizes import GB, KB, MB, maximum_size_text, readable_size
from alliance.limits import Limit
from alliance.models.upload import staging_folder
from alliance.view_marks import View, ViewMark

log = logging.getLogger(__name__)

BYTES = Limit("upload-bytes", most=10 * GB, seconds=limits.HOUR)
HEAD = 1 * MB  # a JPEG that tells its size later than here is judged when it is complete
_CHUNK = 256 * KB
_ROOM_CHECKED_EVERY = 64 * MB
_OTHER_FIELDS = 16 * MB
_SILENCE = 60  # seconds

EMPTY = _("This file is empty. Please choose another one.")
TOO_MUCH = _("Very much has been sent from your network in the last hour. Please try again later.")


@dataclass(frozen=True)
class Several:
    """What one field takes in one request: so many files, each of at most so many bytes."""

    most: int
    max_bytes: int


# Which file fields a view has, and what tells by a file's first bytes whether it takes it.
_ACCEPTED = ViewMark[dict[str, Several]]("accepted_files", {})
_JUDGE = ViewMark[Callable[[bytes], object]]("judge_of_files", check_head)


def accepts_files(**fields: int | Several) -> Callable[[View], View]:
    """Let a view take a picture in each of the named fields, of at most so many bytes.

    Works on functions and on what `as_view()` returns.
    """
    each = {
        name: field if isinstance(field, Several) else Several(1, field)
        for name, field in fields.items()
    }

    def decorate(view: View) -> View:
        @wraps(view)
        def accepting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs)

        return cast(View, _ACCEPTED.put(accepting, each))

    return decorate


def accepts_documents(**fields: int | Several) -> Callable[[View], View]:
    """As `accepts_files`, for documents (see `documents`)."""

    return accepts_files_that(check_document_head, **fields)


def accepts_pdfs(**fields: int | Several) -> Callable[[View], View]:
    """As `accepts_documents`, where nothing but PDFs is taken."""

    return accepts_files_that(check_pdf_head, **fields)


def accepts_files_that(
    judge: Callable[[bytes], object], **fields: int | Several
) -> Callable[[View], View]:
    """As `accepts_files`, for what `judge` takes: by the first bytes, None while they do not do."""

    def decorate(view: View) -> View:
        return _JUDGE.put(accepts_files(**fields)(view), judge)

    return decorate


def accepts_pictures_and_documents(**fields: int | Several) -> Callable[[View], View]:
    """As `accepts_files`, for a page whose fields take one or the other; the form says which."""

    return accepts_files_that(_check_either_head, **fields)


def _check_either_head(head: bytes) -> object:
    try:
        return check_document_head(head)
    except FileRefused:
        return check_head(head)


def accepted_files(request: HttpRequest | None) -> dict[str, Several]:
    """The file fields of the view that `request` goes to, with their limits.

    The body is read before the view runs (the CSRF check wants its token), hence by its address.
    """
    match = request.resolver_match if request is not None else None
    return _ACCEPTED.of(match.func if match is not None else None)


def most_bytes_taken(view: View) -> int:
    """How long a request to the view may be; the web server in front takes as much."""
    fields = _ACCEPTED.of(view).values()
    return 2 * sum(field.most * field.max_bytes for field in fields) + _OTHER_FIELDS


def judge_of_files(request: HttpRequest | None) -> Callable[[bytes], object]:
    """What tells by a file's first bytes whether the view takes it."""
    match = request.resolver_match if request is not None else None
    return _JUDGE.of(match.func if match is not None else None)


class StreamedUpload(UploadedFile):
    """A file that arrived whole. It has no name on disk, so it vanishes with the request."""


class RefusedUpload(UploadedFile):
    """What stands for a file that was refused while it was being sent; holds no bytes."""

    def __init__(self, name: str, refusal: Promise | str) -> None:
        super().__init__(file=None, name=name, size=0)
        self.refusal = refusal


class StagingUploadHandler(FileUploadHandler):
    """Writes a file to the staging folder piece by piece, and stops as soon as it is refused.

    The rest of a refused file is read and dropped, so that the form's other fields arrive and
    the refusal can stand beside the field.
    """

    chunk_size = _CHUNK

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.fields = accepted_files(request)
        self.arrived: Counter[str] = Counter()
        self.judge = judge_of_files(request)
        self.sender = sender_of(request) if request is not None and self.fields else ""
        self.refusal: Promise | str | None = None
        self.part: IO[bytes] | None = None

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 - the name that Django gave it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Note how long the request is; its parts are taken one by one."""
        self.length = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        field = self.fields.get(self.field_name or "")
        number = self.arrived[self.field_name or ""]
        if field is None or number > field.most or (number == field.most == 1):
            raise SkipFile  # a field that takes no file, or has had more than enough
        self.arrived[self.field_name or ""] += 1
        self.limit = field.max_bytes
        self.size = 0
        self.head: bytearray | None = bytearray()
        self.refusal = None
        if number == field.most:
            self._refuse(too_many_text(field.most))
            return
        if number == 0 and self._takes_too_much(field):
            self._refuse(TOO_MUCH)
            return
        try:
            # Without a name on disk it leaves nothing behind, however the request ends.
            self.part = tempfile.TemporaryFile(dir=staging_folder())  # noqa: SIM115
        except OSError:
            self._refuse(NO_ROOM)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.part is None:
            return
        try:
            self._judge(raw_data)
            self.part.write(raw_data)
            self.part.flush()  # here a full disk can still be told of, at the end no more
        except FileRefused as refused:
            turned_away.note_file(refused)
            self._refuse(refused.message)
        except OSError:
            log.exception("an upload could not be written")
            self._refuse(NO_ROOM)

    def file_complete(self, file_size: int) -> UploadedFile:
        if self.refusal is not None or self.part is None:
            return RefusedUpload(self.file_name or "", self.refusal or NO_ROOM)
        part, self.part = self.part, None
        part.seek(0)
        return StreamedUpload(part, self.file_name, self.content_type, self.size)

    def upload_interrupted(self) -> None:
        self._drop()

    def _takes_too_much(self, field: Several) -> bool:
        """Count the field's files, once for all of them.

        Browsers say how long the whole request is, and not how long each file is.
        """
        return bool(limits.take(BYTES, self.sender, min(field.most * field.max_bytes, self.length)))

    def _judge(self, raw_data: bytes) -> None:
        """Raise FileRefused as soon as what has arrived is reason enough."""
        if self.size % _ROOM_CHECKED_EVERY < len(raw_data) and not has_room():
            raise FileRefused(NO_ROOM)
        self.size += len(raw_data)
        if self.size > self.limit:
            raise FileRefused(too_large_text(self.limit))
        if self.head is not None:
            self.head += raw_data
            if self.judge(bytes(self.head)) is not None or len(self.head) > HEAD:
                self.head = None

    def _refuse(self, refusal: Promise | str) -> None:
        self.refusal = refusal
        self._drop()

    def _drop(self) -> None:
        if self.part is not None:
            with suppress(OSError):  # closing writes once more what the disk did not take
                self.part.close()
        self.part = self.head = None


def too_large_text(max_bytes: int) -> Promise:
    return format_lazy(
        # Translators: {limit} is "Maximum file size: 1 GB", without its full stop.
        _("This file is too large. {limit}."),
        limit=maximum_size_text(max_bytes),
    )


def too_many_text(most: int) -> Promise:
    return format_lazy(
        _("Only {most} files can be sent at once. The others are kept; this one is not."), most=most
    )


def has_room(size: int = 0) -> bool:
    """Whether the disk for uploads takes so many bytes and has left what the portal keeps free."""
    return shutil.disk_usage(staging_folder()).free - size > settings.UPLOAD_FREE_DISK_FLOOR


def sender_of(request: HttpRequest) -> str:
    """Whom uploads are counted for: the network address, as a hash."""
    return limits.hashed(limits.client_address(request))


class RequestSizeMiddleware:
    """Answers 413, before reading any of it, to a body that no form of ours could send.

    Up to twice what the view's fields may hold a file is read to its end, so that the refusal
    can stand in the form with everything else that was typed. Belongs before the CSRF check,
    which reads the body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: object, kwargs: object
    ) -> HttpResponse | None:
        try:
            declared = int(request.headers.get("content-length") or 0)
        except ValueError:
            return None
        if declared <= most_bytes_taken(view):
            _hang_up_on_silence(request)
            return None
        most = max((field.max_bytes for field in accepted_files(request).values()), default=0)
        context = {"maximum_size": readable_size(most) if most else ""}
        response = render(request, "413.html", context, status=413)
        response["Connection"] = "close"
        return response


def _hang_up_on_silence(request: HttpRequest) -> None:
    """Wait a minute for the next bytes, not for ever: a line that went dead would keep its thread.

    The web server sets no limit of its own here, and takes this one back with the next request.
    """
    if (connection := request.META.get("gunicorn.socket")) is not None:
        connection.settimeout(_SILENCE)
