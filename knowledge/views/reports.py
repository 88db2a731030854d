"""The public pages of reports: the list, a report, its files and its citations."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from alliance.drawn_pages import draw, drawn_once
from alliance.kept_pages import each_time, kept_for_visitors, kept_order
from alliance.middleware import public
from alliance.pages import titled
from alliance.replica import from_replica
from knowledge import citations, counting, downloads
from knowledge.forms import EditionChoiceForm, LibraryForm
from knowledge.machines import json_ld, signposting
from knowledge.models import EditionFile, Report
from knowledge.models.edition import current_of
from knowledge.pages import listing
from knowledge.pages.report import report_page
from knowledge.pages.whole import made_from, report_for
from knowledge.pages.wording import edition_in
from knowledge.permissions import reports_visible_to
from knowledge.search import Near, TookTooLong, related
from knowledge.views.answers import ASK_AGAIN_AFTER, busy, closed, gone, moved, versions

CITATION_FORMATS = {
    "bib": (citations.bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (citations.ris, "application/x-research-info-systems; charset=utf-8"),
    "json": (citations.csl_json, "application/vnd.citationstyles.csl+json; charset=utf-8"),
}


@public
@require_safe
@kept_for_visitors
@drawn_once
@from_replica
def report_list(request: HttpRequest) -> HttpResponse:
    """The library, narrowed by facets and words; its whole state stands in the address."""
    form = LibraryForm(request.GET)
    template = "knowledge/report_list.html"
    try:
        return draw(request, template, partial(listing.list_page, form))
    except TookTooLong:
        response = render(request, template, listing.too_long_page(form), status=503)
    response["Retry-After"] = str(ASK_AGAIN_AFTER)
    return response


def _page(report: Report, languages: Sequence[str], near: Sequence[Near]) -> dict[str, Any]:
    context = report_page(report, languages, near)
    context["structured_data"] = json_ld.of_page(report, context["edition"], context["crumbs"])
    return context


def _title_at(pk: int, slug: str) -> str | None:
    """What the page of a report is called, whatever name stands in the address."""
    return Report.objects.known().filter(pk=pk).values_list("title", flat=True).first()


@public
@titled(_title_at)
@require_safe
@kept_for_visitors
@drawn_once
@from_replica
def report(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """A report's page; a retired one says so, and a wrong name in the address is put right."""
    report = report_for(request.user, pk)
    if report is None:
        raise Http404
    if report.slug != slug:
        return moved(request, report.get_absolute_url())
    if report.is_retired:
        return gone(request, report)
    form = EditionChoiceForm(request.GET)
    languages = form.cleaned_data["language"] if form.is_valid() else []
    try:
        near = related(report)
    except TookTooLong:
        return busy(request)
    page = partial(_page, report, languages, near)
    template = "knowledge/report_page.html"
    if report.is_published:
        response = draw(request, template, page, made_from=[*made_from(report), near])
    else:
        # A preview is for editors alone.
        response = render(request, template, page())
    formats = [(extension, kind) for extension, (_write, kind) in CITATION_FORMATS.items()]
    signposting.mark_page(response, report, formats)
    return response


@public
@require_safe
@kept_order
def file(request: HttpRequest, pk: int, slug: str, language: str) -> HttpResponseBase:
    """The newest PDF of a report in one language; the address stays when the file is replaced."""
    version = current_of(versions(request, pk, language))
    return _serve(request, version, slug, downloads.ASK_AGAIN)


@public
@require_safe
@kept_order
def file_version(
    request: HttpRequest, pk: int, slug: str, language: str, number: int
) -> HttpResponseBase:
    """One version of a PDF: the same bytes for good."""
    version = versions(request, pk, language).filter(number=number).first()
    return _serve(request, version, slug, downloads.FOR_GOOD)


@public
@require_safe
@from_replica
def citation(request: HttpRequest, pk: int, slug: str, extension: str) -> HttpResponse:
    """The report for a reference manager, as BibTeX, RIS or CSL-JSON."""
    if extension not in CITATION_FORMATS:
        raise Http404
    reports = reports_visible_to(request.user).with_people().with_editions()
    report = get_object_or_404(reports, pk=pk)
    if report.is_retired:
        return gone(request, report)
    write, content_type = CITATION_FORMATS[extension]
    content = write(citations.Source.of(report, edition_in(report, [])))
    name = f"{report.slug}.{extension}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _serve(
    request: HttpRequest, version: EditionFile | None, slug: str, cache: str
) -> HttpResponseBase:
    if version is None:
        raise Http404
    report = version.edition.report
    if report.is_retired:
        return gone(request, report)
    if report.slug != slug:
        tail = request.path.rsplit("/", 1)[1]
        return moved(request, report.get_absolute_url() + tail)
    if not version.may_be_handed_out:
        return closed(request, version)
    response = downloads.serve_pdf(
        request, version, cache=cache if report.is_published else downloads.FOR_EDITORS
    )
    signposting.mark_file(response, version.edition)
    if report.is_published:
        counting.note(request, response, version)
        each_time(response, partial(counting.note, version=version))
    return response
