"""Conflicts of interest in the admin: senior reviewers see who declared which, and end them."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from organizations.actions import conflicts as actions
from organizations.admin.reading import CaseAdmin, number_of
from organizations.forms.due_diligence import ReasonForm
from organizations.models import ConflictOfInterest, User
from organizations.models.conflict import closed_to
from organizations.people import signed_in
from organizations.permissions import can_end_conflict, can_see_conflicts

_NAME = "organizations_conflictofinterest"


class ConflictOfInterestAdmin(CaseAdmin):
    list_display = ("person", "organization", "declared_at", "ended_at")
    list_display_links = ("person", "organization")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("person", "organization")
    search_fields = ("person__first_name", "person__last_name", "organization__name")

    def may_enter(self, user: User) -> bool:
        return can_see_conflicts(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConflictOfInterest]:
        """Nobody judges who takes part where they have no part themselves, their own included."""
        return ConflictOfInterest.objects.exclude(closed_to(signed_in(request)))

    def page(
        self,
        request: HttpRequest,
        object_id: str | int,
        *,
        form: Form | None = None,
        status: int = 200,
    ) -> HttpResponse:
        conflict = self._conflict(request, object_id)
        may_end = can_end_conflict(signed_in(request), conflict)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": conflict.person,
            "conflict": conflict,
            "form": form or (ReasonForm() if may_end else None),
        }
        template = "admin/organizations/conflictofinterest/page.html"
        return render(request, template, context, status=status)

    def _conflict(self, request: HttpRequest, object_id: str | int) -> ConflictOfInterest:
        if not self.has_view_permission(request):
            raise PermissionDenied
        conflicts = ConflictOfInterest.objects.select_related("person", "organization", "ended_by")
        conflict = get_object_or_404(conflicts, pk=number_of(object_id))
        if not self.has_view_permission(request, conflict):
            raise PermissionDenied
        return conflict

    def end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """End it; a reason that was refused comes back with the page."""
        conflict = self._conflict(request, object_id)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.page(request, object_id, form=form, status=422)
        try:
            actions.end(conflict, by=signed_in(request), reason=form.cleaned_data["reason"])
        except ActionRefused as refused:
            form.add_error(None, refused.message)
            return self.page(request, object_id, form=form, status=409)
        messages.success(request, _("Ended. The person can work on these cases again."))
        return redirect(f"admin:{_NAME}_change", object_id)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.end))
        return [path("<int:object_id>/end/", view, name=f"{_NAME}_end"), *super().get_urls()]
