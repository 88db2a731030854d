"""PDF files as a web server would give them: whole or in part, and again only when changed.

Source: RFC 9110, sections 8.8 (validators), 13 (conditional requests) and 14 (ranges).
"""

import logging
import re
from collections.abc import Iterator

from django.core.files.base import File
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date

from alliance.files.accel import sent_by_nginx
from knowledge.models import EditionFile

log = logging.getLogger(__name__)

CHUNK = 64 * 2**10
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
FOR_EDITORS = "private, no-store"

# Conditions on our own ETag and date, which nginx does not know when it looks at them.
_BEYOND_NGINX = {"If-Match", "If-Unmodified-Since"}
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


def serve_pdf(request: HttpRequest, version: EditionFile, *, cache: str) -> HttpResponseBase:
    """The file as a download, or the one range of it that was asked for.

    `cache` is the Cache-Control of the address. Several ranges at once, units other than bytes
    and what cannot be read as a range are answered with the whole file, as the standard allows.
    """
    etag = f'"{version.sha256}"'
    modified = int(version.added_at.timestamp())
    response: HttpResponseBase = get_conditional_response(request, etag, modified) or _answer(
        request, version, etag, modified
    )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = cache
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser open it all the same, it runs in no origin.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _answer(
    request: HttpRequest, version: EditionFile, etag: str, modified: int
) -> HttpResponseBase:
    asked = _asked_range(request, etag, modified)
    span = range(version.size) if asked is None else _span(asked, version.size)
    if not span and version.size:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{version.size}"
        return response
    if request.method == "HEAD":
        response = HttpResponse(content_type="application/pdf")
    else:
        response = _content(request, _open(version), span if asked else None)
    if asked:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{version.size}"
    if "X-Accel-Redirect" not in response:
        response["Content-Length"] = str(len(span))
    edition = version.edition
    name = f"{edition.report.slug}-{edition.language}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _open(version: EditionFile) -> File:
    try:
        return version.file.open("rb")
    except FileNotFoundError:
        log.exception("a file of the library is missing", extra={"file": version.pk})
        raise Http404 from None


def _asked_range(request: HttpRequest, etag: str, modified: int) -> re.Match[str] | None:
    """The range that the request names, if it is one that counts."""
    if request.method != "GET":
        return None
    condition = request.headers.get("If-Range", "").strip()
    if condition not in {"", etag, http_date(modified)}:
        return None
    return _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))


def _span(asked: re.Match[str], size: int) -> range:
    """Which bytes are meant; empty where the file has none of them."""
    first, last, final = asked.groups()
    if final is not None:
        return range(max(0, size - int(final)), size)
    return range(int(first), min(size, int(last) + 1) if last else size)


def _content(request: HttpRequest, file: File, part: range | None) -> HttpResponseBase:
    """The file or a part of it: by nginx, but for what nginx would take in another way than we."""
    differs = (part is None and "Range" in request.headers) or (
        _BEYOND_NGINX & request.headers.keys()
    )
    if not differs and (response := sent_by_nginx(file, "application/pdf")):
        return response
    if part is None:
        return FileResponse(file, content_type="application/pdf")
    file.seek(part.start)
    return StreamingHttpResponse(_chunks(file, len(part)), content_type="application/pdf")


def _chunks(file: File, left: int) -> Iterator[bytes]:
    with file:
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
