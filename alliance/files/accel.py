"""Files that nginx hands out once a view has said who may have them.

The view answers with X-Accel-Redirect and without the bytes; nginx reads them from the disk, or asks
the object store for them by an address that is signed for a few minutes and that nobody else sees;
also the part that was asked for. It keeps Content-Type, Content-Disposition and Cache-Control of the
view's answer by itself; the others are named in `deploy/nginx/accel.conf`.
Source: nginx, ngx_http_upstream_module.c (which headers survive) and ngx_http_range_filter_module.c.
"""

from typing import IO, Protocol, runtime_checkable

from django.conf import settings
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse


@runtime_checkable
class KnownToNginx(Protocol):
    """A storage of which nginx sends files by itself."""

    def accel_address(self, name: str) -> str:
        """The address of a file that nginx answers to us alone."""


def sent_by_nginx(file: File | IO[bytes], content_type: str) -> HttpResponse | None:
    """The answer that has nginx send `file`, which is closed; None where we send it ourselves.

    That is so without nginx in front, and for what is in no storage that nginx reaches.
    """
    if not (
        settings.X_ACCEL_REDIRECT
        and isinstance(file, FieldFile)
        and isinstance(file.storage, KnownToNginx)
    ):
        return None
    address = file.storage.accel_address(str(file.name))
    file.close()
    return HttpResponse(content_type=content_type, headers={"X-Accel-Redirect": address})
