"""Files that the portal makes for one reader, when they ask."""

from django.http import HttpResponse


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep, in no cache; `name` is ours and needs no quoting."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
