"""The library editors' pages: a report with its authors and editions, and the PDF's versions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from alliance.audit import record
from alliance.files.sizes import readable_size
from alliance.files.uploads import accepts_files
from knowledge.forms import MAX_PDF, PdfForm
from knowledge.importing import add_version
from knowledge.indexing import mark_due
from knowledge.models import Edition, Report, ReportAuthor
from knowledge.permissions import can_edit_library
from organizations.people import signed_in


class AuthorInline(admin.TabularInline):
    model = ReportAuthor
    extra = 0


class EditionInline(admin.StackedInline):
    model = Edition
    extra = 0
    can_delete = False
    min_num = 1
    fields = (
        "language",
        "title",
        "subtitle",
        "pdf",
        "abstract",
        "key_findings",
        "recommendations",
        "reading_html",
        "reading_is_digest",
    )
    readonly_fields = ("pdf",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).select_related("report").prefetch_related("files")

    @admin.display(description=_("PDF"))
    def pdf(self, edition: Edition) -> SafeString | str:
        """The versions, newest first, and the way to the next one."""
        if not edition.pk:
            return str(_("Save the report first; then the PDF can be uploaded here."))
        versions = format_html_join(
            "",
            '<li><a href="{}">{}</a> {}</li>',
            (
                (
                    file.get_absolute_url(),
                    _("Version %(number)s") % {"number": file.number},
                    readable_size(file.size),
                )
                for file in edition.files.all()
            ),
        )
        upload = reverse("admin:knowledge_edition_upload", args=[edition.pk])
        return format_html(
            '<ul>{}</ul><a href="{}">{}</a>', versions, upload, _("Upload a new version")
        )


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """Reports are added, changed and retired; only a draft may be deleted."""

    list_display = ("title", "publisher", "year", "status", "changed_at")
    list_filter = ("status", "year", "editions__language")
    list_per_page = 50
    search_fields = ("title", "subtitle", "publisher", "performer", "authors__family_name")
    filter_horizontal = ("themes", "regions", "sdgs", "countries")
    autocomplete_fields = ("related",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = (AuthorInline, EditionInline)
    actions = None
    fieldsets = (
        (None, {"fields": ("title", "subtitle", "kind")}),
        (_("In the library"), {"fields": ("status", "embargoed_until", "retirement_note")}),
        (
            _("Who made it, and when"),
            {
                "fields": (
                    ("publisher", "place"),
                    ("commissioner", "performer"),
                    ("year", "date"),
                    "source_url",
                    ("series", "licence"),
                    ("doi", "isbn"),
                )
            },
        ),
        (
            _("What it is about"),
            {"fields": ("themes", "regions", "countries", "sdgs", "related")},
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        view = accepts_files(pdf=MAX_PDF)(self.admin_site.admin_view(upload_pdf))
        upload = path("editions/<int:edition_id>/upload/", view, name="knowledge_edition_upload")
        return [upload, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        """A published report keeps its address for good; it is retired instead."""
        is_draft = obj is None or obj.status == Report.Status.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Report, form: forms.ModelForm, change: bool
    ) -> None:
        """Save. From now on the report is the editors', also where the portal shipped it."""
        obj.catalogue_checksum = ""
        super().save_model(request, obj, form, change)
        name = "report.changed" if change else "report.added"
        record(name, by=signed_in(request), about=obj, status=obj.status)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[Any], change: bool
    ) -> None:
        """Save authors, editions and subjects; then readers find the report by what it says now."""
        super().save_related(request, form, formsets, change)
        mark_due(form.instance)


@csrf_exempt
def upload_pdf(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Take a PDF: the portal's own handler takes pictures alone, this one writes to disk too.

    Handlers are chosen before anything reads the body, hence before the check of the token.
    """
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _upload_pdf(request, edition_id)


@csrf_protect
def _upload_pdf(request: HttpRequest, edition_id: int) -> HttpResponse:
    """The page on which an editor hands in the next version of an edition's PDF."""
    if not can_edit_library(request.user):
        raise PermissionDenied
    edition = get_object_or_404(Edition.objects.select_related("report"), pk=edition_id)
    form = PdfForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _add_version(request, edition, form)
    context = admin.site.each_context(request) | {
        "title": _("Upload a new version of the PDF"),
        "opts": Report._meta,
        "edition": edition,
        "form": form,
    }
    return render(request, "admin/knowledge/upload.html", context)


def _add_version(request: HttpRequest, edition: Edition, form: PdfForm) -> HttpResponse:
    report = edition.report
    with transaction.atomic():
        add_version(
            edition,
            pdf=form.cleaned_data["pdf"],
            is_digest=form.cleaned_data["is_digest"],
            by=signed_in(request),
        )
        report.catalogue_checksum = ""
        report.save(update_fields=["catalogue_checksum", "changed_at"])
    messages.success(request, _("The PDF was added. Readers get it from now on."))
    return redirect("admin:knowledge_report_change", report.pk)
