"""The page of a report: its form, where it stands, what it lacks, and its PDFs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelectMultiple
from django.db import models
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.audit import record
from alliance.files.sizes import readable_size
from alliance.workflow import Arrow
from knowledge import usage
from knowledge.actions.moves import capacities
from knowledge.admin import acts
from knowledge.admin.arrivals import add_pdfs, upload_pdf
from knowledge.admin.downloads import downloads, downloads_file
from knowledge.admin.exports import export_paths
from knowledge.admin.imports import send_table, show_table, take_table
from knowledge.admin.states import newest_file, reading_state
from knowledge.completeness import missing
from knowledge.indexing import mark_due
from knowledge.models import Edition, EditionFile, Report, ReportAuthor
from knowledge.workflow import REPORT
from organizations.admin.reading import number_of, pill
from organizations.people import signed_in

COVER_WIDTH, COVER_HEIGHT = 42, 56  # pixels in the list


class AuthorInline(admin.TabularInline):
    model = ReportAuthor
    extra = 0


class RelatedReports(AutocompleteSelectMultiple):
    """Django asks for the names of whatever was sent, to show it again beside its error."""

    def optgroups(
        self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        return super().optgroups(name, [each for each in value if number_of(each)], attrs)


class TitleForm(forms.ModelForm):
    """Titles of reports are long: their fields show the whole of most."""

    class Meta:
        widgets = {
            "title": AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
            "subtitle": AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
        }


class EditionInline(admin.StackedInline):
    model = Edition
    form = TitleForm
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
        files = edition.files.all()
        versions = format_html_join(
            "", '<li><a href="{}">{}</a> {}</li>', (_version(file) for file in files)
        )
        upload = reverse("admin:knowledge_edition_upload", args=[edition.pk])
        return format_html(
            '<ul class="files">{}</ul><a href="{}">{}</a>',
            versions,
            upload,
            _("Upload a new version"),
        )


def _version(file: EditionFile) -> tuple[str, str, str]:
    """Where one version stands, what it is called, and how it differs from the others."""
    facts = [date_format(file.added_at.date()), readable_size(file.size)]
    if file.page_count:
        pages = ngettext("%(pages)d page", "%(pages)d pages", file.page_count)
        facts.append(pages % {"pages": file.page_count})
    if file.is_digest:
        facts.append(str(_("digest by the Alliance")))
    facts.append(reading_state(file))
    name = _("Version %(number)s") % {"number": file.number}
    return file.get_absolute_url(), str(name), ", ".join(facts)


class ReportList(ChangeList):
    """Brings each report's files along, without the texts of its editions."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Report]:
        editions = Edition.objects.only("report_id", "language").prefetch_related("files")
        reports: QuerySet[Report] = super().get_queryset(request, *args, **kwargs)
        return reports.prefetch_related(Prefetch("editions", editions))


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """Reports are added, changed and retired; only a draft may be deleted."""

    form = TitleForm
    change_form_template = "admin/knowledge/report/change_form.html"
    list_display = ("cover", "title", "state", "publisher", "year", "reading", "changed_at")
    list_display_links = ("title",)
    list_filter = ("status", "editions__language", "editions__files__text_state", "year")
    list_per_page = 50
    search_fields = ("title", "subtitle", "publisher", "performer", "authors__family_name")
    filter_horizontal = ("themes", "regions", "sdgs", "countries")
    autocomplete_fields = ("related",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    view_on_site = False  # the way there stands above the form, with the others
    inlines = (AuthorInline, EditionInline)
    actions = None
    fieldsets = (
        (None, {"fields": ("title", "subtitle", "kind")}),
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

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = RelatedReports(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ReportList

    @admin.display(description="", empty_value="")
    def cover(self, report: Report) -> SafeString | str:
        file = newest_file(report)
        if file is None or not file.cover:
            return ""
        # The title stands beside it: to whoever does not see the picture it says nothing new.
        return format_html(
            '<img src="{}" alt="" width="{}" height="{}" loading="lazy">',
            file.cover.url,
            COVER_WIDTH,
            COVER_HEIGHT,
        )

    @admin.display(description=_("Status"), ordering="status")
    def state(self, report: Report) -> SafeString:
        return pill(report.state)

    @admin.display(description=_("PDF"))
    def reading(self, report: Report) -> str:
        file = newest_file(report)
        return reading_state(file) if file else str(_("No PDF"))

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        ways = {
            "publish": acts.publish,
            "embargo": acts.embargo,
            "retire": acts.retire,
            "withdraw": acts.withdraw,
        }
        return [
            path(
                "editions/<int:edition_id>/upload/",
                guarded(upload_pdf),
                name="knowledge_edition_upload",
            ),
            path("downloads/", guarded(downloads), name="knowledge_report_downloads"),
            path(
                "downloads.<slug:ending>",
                guarded(downloads_file),
                name="knowledge_report_downloads_file",
            ),
            path("add-pdfs/", guarded(add_pdfs), name="knowledge_report_add_pdfs"),
            path("import/", guarded(send_table), name="knowledge_report_import"),
            path(
                "import/<int:import_id>/",
                guarded(show_table),
                name="knowledge_report_import_table",
            ),
            path(
                "import/<int:import_id>/take/",
                guarded(take_table),
                name="knowledge_report_import_take",
            ),
            *export_paths(guarded),
            *(
                path(f"<int:object_id>/{name}/", guarded(view), name=f"knowledge_report_{name}")
                for name, view in ways.items()
            ),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Report | None = None,
    ) -> HttpResponse:
        """Above the form: where the report stands, what it lacks, and the ways on from there."""
        if obj is not None and obj.pk:
            prefetch_related_objects([obj], "editions__files")
            context |= {
                "state": pill(obj.state),
                "downloads": usage.total(obj),
                "lacks": [] if obj.is_published else missing(obj),
                "ways": _ways(obj, REPORT.leaving(obj.status, capacities(signed_in(request)))),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request: HttpRequest, obj: Report) -> HttpResponse:
        """Saved; with the button for it, on to the page as readers will see it."""
        if "_preview" in request.POST:
            return redirect(obj)
        return super().response_change(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Report, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_preview" in request.POST:
            return redirect(obj)
        return super().response_add(request, obj, post_url_continue)

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        """A published report keeps its address for good; it is retired instead."""
        is_draft = obj is None or obj.status == Report.Status.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Report, form: forms.ModelForm, change: bool
    ) -> None:
        """Save. From now on the report is the editors', also where the portal shipped it."""
        obj.catalogue_checksum = ""
        if "title" in form.changed_data:
            obj.is_named_by_file = False
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        """Save authors, editions and subjects; then readers find the report by what it says now.

        The trail notes it if anything was changed.
        """
        super().save_related(request, form, formsets, change)
        if change and "title" in form.changed_data:
            _pass_title_on(form.instance, form.initial["title"])
        mark_due(form.instance)
        if not change or form.has_changed() or any(part.has_changed() for part in formsets):
            name = "report.changed" if change else "report.added"
            record(name, by=signed_in(request), about=form.instance, status=form.instance.status)


def _pass_title_on(report: Report, before: str) -> None:
    """An edition that was called as the report was is called as it is now."""
    for edition in Edition.objects.filter(report=report, title=before):
        edition.title = report.title
        edition.save(update_fields=["title"])


def _ways(report: Report, arrows: list[Arrow]) -> list[dict[str, Any]]:
    """The arrows that leave the present state, each with its address; some ask for words first."""
    return [
        {
            "name": arrow.name,
            "label": arrow.label,
            "address": reverse(f"admin:knowledge_report_{arrow.name}", args=[report.pk]),
            "asks": arrow.name in {"embargo", "retire"},
        }
        for arrow in arrows
        if not (report.is_published and arrow.name in {"embargo", "withdraw"})
    ]
