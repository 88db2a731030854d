"""What the addresses below a report share: which files there are, and what else is answered."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from knowledge.models import EditionFile, Report
from knowledge.permissions import reports_visible_to

# Seconds until one may ask once more: a file is being checked, or a search took too long.
ASK_AGAIN_AFTER = 60

MOST_INSTEAD = 5


def versions(request: HttpRequest, pk: int, language: str) -> QuerySet[EditionFile]:
    """The PDF files of a report in one language that this reader may have, the newest first."""
    return (
        EditionFile.objects.filter(
            edition__report__in=reports_visible_to(request.user).filter(pk=pk),
            edition__language=language,
        )
        .select_related("edition__report")
        .order_by("-number")
    )


def gone(request: HttpRequest, report: Report) -> HttpResponse:
    """The page that a retired report leaves at all of its addresses."""
    # What editors named as related is what a reader is sent to.
    context = {
        "report": report,
        "instead": report.related.published().newest_first()[:MOST_INSTEAD],
    }
    return render(request, "knowledge/report_retired.html", context, status=410)


def closed(request: HttpRequest, version: EditionFile) -> HttpResponse:
    """A file that no scan has found clean stays here; while none has judged it, that may change."""
    is_refused = version.scan == version.Scan.REFUSED
    context = {"report": version.edition.report, "is_refused": is_refused}
    status = 404 if is_refused else 503
    response = render(request, "knowledge/report_file_closed.html", context, status=status)
    if not is_refused:
        response["Retry-After"] = str(ASK_AGAIN_AFTER)
    response["Cache-Control"] = "private, no-store"
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """A page that could not be made in the time that its questions may take."""
    response = render(request, "503.html", status=503)
    response["Retry-After"] = str(ASK_AGAIN_AFTER)
    return response


def moved(request: HttpRequest, path: str) -> HttpResponsePermanentRedirect:
    """To the right name of a report, with the query as it was."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
