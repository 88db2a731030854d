"""The text inside a report's PDF, as pages of the site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.middleware import public
from alliance.replica import from_replica
from knowledge.forms import TextForm
from knowledge.models import EditionFile
from knowledge.pages import text as text_pages
from knowledge.search import TookTooLong
from knowledge.views.answers import busy, closed, gone, moved, versions


@public
@require_safe
@from_replica
def page(request: HttpRequest, pk: int, slug: str, language: str, number: int) -> HttpResponse:
    """One page of the text, the words looked for marked; a page that is not there says what is."""
    file = _file(request, pk, language)
    if other := _other_answer(request, file, slug, f"pages/{number}/"):
        return other
    context = text_pages.text_page(file, number, TextForm(request.GET))
    status = 200 if context["exists"] else 404
    return render(request, "knowledge/report_text.html", context, status=status)


@public
@require_safe
@from_replica
def pages(request: HttpRequest, pk: int, slug: str, language: str) -> HttpResponse:
    """The pages of the text, or those of them that hold the words looked for."""
    file = _file(request, pk, language)
    if other := _other_answer(request, file, slug, "pages/"):
        return other
    try:
        context = text_pages.pages_page(file, TextForm(request.GET))
    except TookTooLong:
        return busy(request)
    return render(request, "knowledge/report_text_pages.html", context)


def _file(request: HttpRequest, pk: int, language: str) -> EditionFile:
    file = text_pages.best_version(list(versions(request, pk, language)))
    if file is None:
        raise Http404
    return file


def _other_answer(
    request: HttpRequest, file: EditionFile, slug: str, tail: str
) -> HttpResponse | None:
    """What is said instead of the text, where the report or the file says so."""
    report = file.edition.report
    if report.is_retired:
        return gone(request, report)
    if report.slug != slug:
        return moved(request, f"{report.get_absolute_url()}{file.edition.language}/{tail}")
    return None if file.may_be_handed_out else closed(request, file)
