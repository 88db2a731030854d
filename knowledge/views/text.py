"""The text inside a report's PDF, as pages of the site."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.middleware import public
from knowledge import text_pages
from knowledge.forms import TextForm
from knowledge.views.answers import closed, gone, moved, versions


@public
@require_safe
def page(request: HttpRequest, pk: int, slug: str, language: str, number: int) -> HttpResponse:
    """One page of the text, the words looked for marked; a page that is not there says what is."""
    file = text_pages.best_version(list(versions(request, pk, language)))
    if file is None:
        raise Http404
    report = file.edition.report
    if report.is_retired:
        return gone(request, report)
    if report.slug != slug:
        return moved(request, text_pages.address(file, number))
    if not file.may_be_handed_out:
        return closed(request, file)
    form = TextForm(request.GET)
    context = text_pages.text_page(file, number, form)
    status = 200 if context["exists"] else 404
    return render(request, "knowledge/report_text.html", context, status=status)
