"""Tables of reports: sent, tried in the background, looked through, and taken over."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.uploads import accepts_files_that
from knowledge.actions import table_imports
from knowledge.admin.table_form import MAX_TABLE, TableForm, judge_table
from knowledge.models import Report, TableImport
from knowledge.permissions import can_edit_library
from organizations.people import signed_in


@accepts_files_that(judge_table, table=MAX_TABLE)
@require_http_methods(["GET", "HEAD", "POST"])
def send_table(request: HttpRequest) -> HttpResponse:
    """Takes a table and leads to what it would do."""
    if not can_edit_library(request.user):
        raise PermissionDenied
    by, is_sent = signed_in(request), request.method == "POST"
    form = TableForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, sender=by
    )
    if form.is_valid():
        table = table_imports.try_table(form.cleaned_data["table"], by=by)
        return redirect("admin:knowledge_report_import_table", table.pk)
    status = 422 if form.errors else 200
    title = _("Import a table")
    return _draw(request, "import.html", {"form": form, "title": title}, status=status)


@require_safe
def show_table(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it is, then what it would do or has done, row by row."""
    table = _own(request, import_id)
    title = _("Import of “%(name)s”") % {"name": table.upload.name}
    return _draw(request, "import_table.html", {"table": table, "title": title})


@require_POST
def take_table(request: HttpRequest, import_id: int) -> HttpResponse:
    table = _own(request, import_id)
    try:
        table_imports.take_table(table, by=signed_in(request))
    except ActionRefused as refused:
        messages.error(request, refused.message)
    return redirect("admin:knowledge_report_import_table", table.pk)


def _own(request: HttpRequest, number: int) -> TableImport:
    if not can_edit_library(request.user):
        raise PermissionDenied
    tables = TableImport.objects.sent_by(signed_in(request)).select_related("upload")
    return get_object_or_404(tables, pk=number)


def _draw(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shown = {**admin.site.each_context(request), "opts": Report._meta, **context}
    return render(request, f"admin/knowledge/report/{template}", shown, status=status)
