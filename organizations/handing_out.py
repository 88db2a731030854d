"""How a paper leaves: for views that have asked who is asking, inside the admin and outside."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404

from alliance.files.serving import serve_private
from organizations.models import OrganizationDocument


def hand_out(document: OrganizationDocument) -> FileResponse:
    """The paper as a download; 403 for what nothing has scanned, 404 where the file is lost."""
    if not document.may_be_handed_out:
        raise PermissionDenied
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return serve_private(file, document.name)
