"""Lists taken out as files: asked for from any list, shown while they are made, downloaded."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.exceptions import ActionRefused
from alliance.files.serving import serve_private
from alliance.spreadsheets import Format
from organizations.admin.reading import ReadingAdmin, number_of
from organizations.models import User
from organizations.people import signed_in
from organizations.permissions import roles_of
from submissions.actions.list_exports import drop_list_export, export_list, note_download
from submissions.forms.list_export import ListExportForm
from submissions.lists import NoSuchList, address_of, listing, reach_of, title_of
from submissions.models import ListExport

# The list's name comes from its address: a slug of app and model.
_ASK = "ask/<slug:app>/<slug:name>/"


@admin.register(ListExport)
class ListExportAdmin(ReadingAdmin):
    """A person's own exports; nobody sees those of others."""

    list_display = ("list_name", "format", "state", "done", "asked_at", "deleted_on")
    list_display_links = ("list_name",)
    ordering = ("-id",)

    def may_enter(self, user: User) -> bool:
        return bool(roles_of(user))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListExport]:
        return ListExport.objects.visible_to(signed_in(request))

    @admin.display(description=_("List"))
    def list_name(self, export: ListExport) -> str:
        return title_of(export.model)

    @admin.display(description=_("State"))
    def state(self, export: ListExport) -> str:
        return state_of(export)

    @admin.display(description=_("Deleted on"), ordering="asked_at")
    def deleted_on(self, export: ListExport) -> date:
        return timezone.localdate(export.goes_at)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """How far it is, and the file once it is made."""
        export = _own(request, number_of(object_id))
        context = {"export": export, "state": state_of(export)}
        return _draw(request, "page.html", export.model, export.query, context)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        named = "submissions_listexport"
        return [
            path(_ASK, guarded(ask), name=f"{named}_ask"),
            path("<int:object_id>/download/", guarded(download), name=f"{named}_download"),
            path("<int:object_id>/drop/", guarded(drop), name=f"{named}_drop"),
            *super().get_urls(),
        ]


def state_of(export: ListExport) -> str:
    if export.made_at is not None:
        return gettext("Ready")
    if export.has_failed:
        return gettext("Could not be made")
    return gettext("Being made") if export.attempts else gettext("Waiting for its turn")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, app: str, name: str) -> HttpResponse:
    """Which list, how many rows, in which format; the filters stand in the address."""
    user, label, query = signed_in(request), f"{app}.{name}", request.GET.urlencode()
    try:
        found = listing(label, query, person=user)
    except NoSuchList:
        raise Http404 from None
    form = ListExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            wanted = form.cleaned_data["format"]
            export = export_list(label, by=user, query=query, file_format=wanted)
        except ActionRefused as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("admin:submissions_listexport_change", export.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "found": found}
    return _draw(request, "ask.html", label, query, context, status=status)


@require_safe
def download(request: HttpRequest, object_id: int) -> HttpResponseBase:
    """The file, for whoever asked for it, may still see the list, and finds the same rows there."""
    user = signed_in(request)
    export = get_object_or_404(ListExport.objects.visible_to(user).ready(), pk=object_id)
    try:
        listing(export.model, export.query, person=user)
        file = export.file.open("rb")
    except (NoSuchList, FileNotFoundError):
        raise Http404 from None
    if export.reach != reach_of(user):
        messages.error(request, _("What you may see has changed since. Ask for the list again."))
        return redirect("admin:submissions_listexport_change", object_id)
    note_download(export, by=user)
    name = f"{export.model.partition('.')[2]}-{export.asked_at:%Y-%m-%d}.{export.format}"
    return serve_private(file, name, Format(export.format).content_type)


@require_POST
def drop(request: HttpRequest, object_id: int) -> HttpResponse:
    drop_list_export(_own(request, object_id), by=signed_in(request))
    messages.success(request, _("The file is deleted."))
    return redirect("admin:submissions_listexport_changelist")


def _own(request: HttpRequest, number: int) -> ListExport:
    return get_object_or_404(ListExport.objects.visible_to(signed_in(request)), pk=number)


def _draw(
    request: HttpRequest,
    template: str,
    label: str,
    query: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page about the export of that list with those filters."""
    shown = {
        **admin.site.each_context(request),
        "opts": ListExport._meta,
        "title": _("Export of “%(list)s”") % {"list": title_of(label)},
        "list_title": title_of(label),
        "list_address": address_of(label, query),
        **context,
    }
    return render(request, f"admin/submissions/listexport/{template}", shown, status=status)
