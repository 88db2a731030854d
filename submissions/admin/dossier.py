"""The dossier of one case, to be read in a meeting."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from organizations.people import signed_in
from submissions.actions.dossiers import note_dossier
from submissions.admin.review import reviewed
from submissions.dossier import pdf_dossier
from submissions.downloads import download


@require_safe
def dossier(request: HttpRequest, object_id: int) -> HttpResponse:
    """All about the case as a PDF, made when it is asked for; that it left is in the trail."""
    user = signed_in(request)
    submission = note_dossier(reviewed(user, object_id), by=user)
    name = f"{submission.reference}-dossier.pdf"
    return download(pdf_dossier(submission, by=user), name, "application/pdf")
