"""Gets the list's file from the disk or over HTTPS, within bounds of size and time."""

import gzip
import ssl
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from io import BufferedReader
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused

# The file has 2 MB.
MOST_BYTES = 20 * 2**20
SILENCE_SECONDS = 30  # of the other side, before it is given up
WHOLE_SECONDS = 180
_CHUNK = 2**16


class ListUnreachable(ActionRefused):
    """The file of the list could not be read at all."""


def read_source(source: str) -> bytes:
    """The content of a file (.gz unpacked), or of an https address. Raises ListUnreachable."""
    if "://" in source:
        return _from_address(source)
    try:
        with _open(Path(source)) as file:
            return _bounded(file.read)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise ListUnreachable(
            _("%(file)s cannot be read: %(why)s.") % {"file": source, "why": why}
        ) from error


def _open(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _check_is_https(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check_is_https(address: str) -> None:
    if urlsplit(address).scheme != "https":
        raise ListUnreachable(_("The list is only read from addresses that begin with https://."))


def _from_address(address: str) -> bytes:
    _check_is_https(address)
    opener = urllib.request.build_opener(
        _HttpsOnly, urllib.request.HTTPSHandler(context=ssl.create_default_context())
    )
    # Some hosts of lists turn away programs that do not say who they are.
    request = urllib.request.Request(  # noqa: S310 - https, as checked
        address, headers={"User-Agent": f"UNOSSC-Alliance-Portal/1 (+{settings.SITE_URL})"}
    )
    try:
        with opener.open(request, timeout=SILENCE_SECONDS) as response:
            return _bounded(response.read)
    except (OSError, HTTPException, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise ListUnreachable(
            _("%(address)s cannot be read: %(why)s.") % {"address": address, "why": why}
        ) from error


def _bounded(read: Callable[[int], bytes]) -> bytes:
    """All there is to read, unless it is too much or comes too slowly."""
    deadline = time.monotonic() + WHOLE_SECONDS
    content = bytearray()
    while chunk := read(_CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise ListUnreachable(_("The file is larger than the list can be."))
        if time.monotonic() > deadline:
            raise ListUnreachable(_("The file comes too slowly."))
    return bytes(content)
