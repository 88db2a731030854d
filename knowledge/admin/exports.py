"""Reports taken out: asked for from the list with its filters, made in the background, downloaded."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.serving import serve_private
from knowledge.actions import report_exports
from knowledge.models import Report, ReportExport
from knowledge.permissions import can_edit_library
from organizations.people import signed_in

_CONTENT_TYPES = {"zip": "application/zip", "csv": "text/csv; charset=utf-8"}
# How the page is cut and marked says nothing of which reports the list has.
_OF_THE_PAGE = (PAGE_VAR, ALL_VAR, ERROR_FLAG)


class ReportExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("What"),
        choices=ReportExport.Format.choices,
        initial=ReportExport.Format.ZIP,
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """How many reports, and in which form; the filters of the list stand in the address."""
    if not can_edit_library(request.user):
        raise PermissionDenied
    by, reports = signed_in(request), _listed(request)
    form = ReportExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            wanted = form.cleaned_data["format"]
            export = report_exports.export_reports(reports, by=by, file_format=wanted)
        except ActionRefused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("admin:knowledge_report_export_page", export.pk)
    context = {
        "form": form,
        "count": len(reports),
        "mine": ReportExport.objects.asked_by(by).defer("report_ids", "problems"),
        "list_address": _list_address(request),
        "title": _("Export reports with PDFs"),
    }
    return _draw(request, "export.html", context, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, export_id: int) -> HttpResponse:
    """How far it is, and the file once it is made."""
    export = _own(request, export_id)
    title = _("Export of reports")
    return _draw(request, "export_page.html", {"export": export, "title": title})


@require_safe
def download(request: HttpRequest, export_id: int) -> HttpResponseBase:
    export = _own(request, export_id)
    try:
        file = export.file.open("rb") if export.file else None
    except FileNotFoundError:
        file = None
    if file is None:
        raise Http404
    report_exports.note_download(export, by=signed_in(request))
    return serve_private(file, str(export), _CONTENT_TYPES[export.format])


@require_POST
def drop(request: HttpRequest, export_id: int) -> HttpResponse:
    report_exports.drop_export(_own(request, export_id), by=signed_in(request))
    messages.success(request, _("The export is deleted."))
    return redirect("admin:knowledge_report_export")


def export_paths(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Where the views stand, below the list of reports."""
    named = "knowledge_report_export"
    return [
        path("export/", guarded(ask), name=named),
        path("export/<int:export_id>/", guarded(show), name=f"{named}_page"),
        path("export/<int:export_id>/download/", guarded(download), name=f"{named}_download"),
        path("export/<int:export_id>/drop/", guarded(drop), name=f"{named}_drop"),
    ]


def _listed(request: HttpRequest) -> list[int]:
    """The numbers of the reports that the list shows with these filters, on all of its pages."""
    asked = request.GET.copy()
    for name in _OF_THE_PAGE:
        asked.pop(name, None)
    request.GET = asked  # type: ignore[assignment]  # the stubs know the frozen kind alone
    try:
        found = admin.site.get_model_admin(Report).get_changelist_instance(request)
    except IncorrectLookupParameters:
        raise Http404 from None
    numbers = found.queryset.prefetch_related(None).order_by().values_list("pk", flat=True)
    return list(numbers)


def _list_address(request: HttpRequest) -> str:
    address, query = reverse("admin:knowledge_report_changelist"), request.GET.urlencode()
    return f"{address}?{query}" if query else address


def _own(request: HttpRequest, number: int) -> ReportExport:
    if not can_edit_library(request.user):
        raise PermissionDenied
    return get_object_or_404(ReportExport.objects.asked_by(signed_in(request)), pk=number)


def _draw(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shown = {**admin.site.each_context(request), "opts": Report._meta, **context}
    return render(request, f"admin/knowledge/report/{template}", shown, status=status)
