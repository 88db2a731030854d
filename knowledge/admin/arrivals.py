"""PDFs that an editor drops: several at once as drafts, or one as the next version of an edition."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from alliance.exceptions import ActionRefused
from alliance.files.checks import FileRefused
from alliance.files.uploads import Several, accepts_pdfs
from knowledge import actions
from knowledge.admin.acts import page_about
from knowledge.admin.forms import MAX_PDF, MOST_PDFS, PdfForm, PdfsForm
from knowledge.admin.states import newest_drafts
from knowledge.duplicates import is_current
from knowledge.models import Edition, EditionFile, Report
from knowledge.permissions import can_edit_library
from organizations.people import signed_in


@accepts_pdfs(pdf=MAX_PDF)
@require_http_methods(["GET", "HEAD", "POST"])
def upload_pdf(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Takes the next version of an edition's PDF."""
    if not can_edit_library(request.user):
        raise PermissionDenied
    edition = get_object_or_404(Edition.objects.select_related("report"), pk=edition_id)
    is_sent = request.method == "POST"
    form = PdfForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        pdf, is_digest = form.cleaned_data["pdf"], form.cleaned_data["is_digest"]
        by = signed_in(request)
        try:
            actions.add_pdf_version(edition, by=by, upload=pdf, is_digest=is_digest)
        except (ActionRefused, FileRefused) as refused:
            form.add_error("pdf", str(refused))
        else:
            messages.success(request, _("The PDF was added. Readers get it from now on."))
            return redirect("admin:knowledge_report_change", edition.report_id)
    title = _("Upload a new version of the PDF")
    about = f"{edition.title}, {edition.get_language_display()}"
    return page_about(request, edition.report, form, title=title, about=about, is_upload=True)


@accepts_pdfs(pdfs=Several(MOST_PDFS, MAX_PDF))
@require_http_methods(["GET", "HEAD", "POST"])
def add_pdfs(request: HttpRequest) -> HttpResponse:
    """Takes PDFs and makes a draft of each; shows how far the newest drafts are."""
    if not can_edit_library(request.user):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = PdfsForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        dropped = form.cleaned_data["pdfs"]
        arrived = actions.add_drafts(dropped.held, by=signed_in(request))
        for text in [*dropped.refused, *(f"“{name}”: {why}" for name, why in arrived.refused)]:
            messages.error(request, text)
        _tell(request, arrived)
        return redirect("admin:knowledge_report_add_pdfs")
    drafts = newest_drafts(MOST_PDFS)
    context = {
        **admin.site.each_context(request),
        "title": _("Add reports from PDFs"),
        "opts": Report._meta,
        "form": form,
        "drafts": drafts,
        "is_waiting": any(draft.is_waiting for draft in drafts),
        "read_count": sum(not draft.is_waiting for draft in drafts),
    }
    status = 422 if form.errors else 200
    return render(request, "admin/knowledge/report/add_pdfs.html", context, status=status)


def _tell(request: HttpRequest, arrived: actions.Arrived) -> None:
    for file in arrived.known:
        messages.warning(request, _known(file))
    if count := len(arrived.drafts):
        text = ngettext("%(count)d draft was made.", "%(count)d drafts were made.", count)
        messages.success(request, text % {"count": count})


def _known(file: EditionFile) -> str:
    report = file.edition.report
    words = (
        _("The library has this file already, as the current version of {report}.")
        if is_current(file)
        else _("The library has this file already, as an old version ({number}) of {report}.")
    )
    address = reverse("admin:knowledge_report_change", args=[report.pk])
    link = format_html('<a href="{}">{}</a>', address, report.title)
    return format_html(str(words), report=link, number=file.number)
