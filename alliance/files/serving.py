"""How files leave: private ones as downloads that run nowhere, public pictures for good."""

from typing import IO

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from alliance.files.accel import sent_by_nginx
from alliance.middleware import public
from alliance.models import ScannedFile

_PICTURE_TYPES = {"webp": "image/webp", "png": "image/png"}
_RUNS_NOWHERE = "sandbox; default-src 'none'"


def serve_private(
    file: File | IO[bytes], filename: str, content_type: str = "application/octet-stream"
) -> HttpResponseBase:
    """A download of a private file, for a view that has asked who is asking.

    Always an attachment, never guessed at, in no cache; were it opened all the same, it would
    run in no origin.
    """
    response = sent_by_nginx(file, content_type) or FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _RUNS_NOWHERE
    response["Cache-Control"] = "private, no-store"
    return response


def hand_out(kept: ScannedFile) -> HttpResponseBase:
    """The file as it was sent, for a view that has asked who is asking.

    403 for what no scan has found clean, 404 where the file is lost.
    """
    if not kept.may_be_handed_out:
        raise PermissionDenied
    try:
        file = kept.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return serve_private(file, kept.name)


@public
@require_safe
def public_picture(request: HttpRequest, name: str, extension: str) -> FileResponse:
    """A picture of ours; its name is the hash of its content, so a browser may keep it for good."""
    try:
        file = storages["pictures"].open(f"{name}.{extension}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=_PICTURE_TYPES[extension])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _RUNS_NOWHERE
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
