"""Screening in the admin: hits for people to decide, and what was read of the sanctions list."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.admin import hit_page, list_search
from organizations.admin.reading import CaseAdmin, ReadingAdmin
from organizations.models import Hit, ListImport, User
from organizations.models.conflict import closed_to
from organizations.people import signed_in
from organizations.permissions import is_administrator, is_reviewer
from organizations.workflow import HIT, HIT_OPEN


class HitStateFilter(admin.SimpleListFilter):
    """Open ones, unless asked for others."""

    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [
            *((code, label) for code, label in HIT.choices() if code != HIT_OPEN),
            ("all", _("All")),
        ]

    def choices(self, changelist: Any) -> Any:
        """As Django's, but nothing chosen is what is open."""
        first, *others = super().choices(changelist)
        return [{**first, "display": HIT.state(HIT_OPEN).label}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hit]) -> QuerySet[Hit]:
        value = self.value() or HIT_OPEN
        return queryset if value == "all" else queryset.filter(status=value)


class HitAdmin(CaseAdmin):
    """What the screening found, what weighs most first."""

    list_display = (
        "name",
        "role",
        "organization",
        "listed_name",
        "reference",
        "likeness",
        "state_pill",
        "days_in_state",
    )
    list_display_links = ("name",)
    list_filter = (HitStateFilter, "band")
    list_select_related = ("name", "entry", "organization")
    search_fields = ("name__name", "organization__name", "entry__reference", "listed_name")
    search_help_text = _("Name, organization or reference of the list")
    ordering = ("-priority", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hit]:
        """Nobody decides what was found where they have no part."""
        return Hit.objects.exclude(closed_to(signed_in(request)))

    @admin.display(description=_("Role"))
    def role(self, hit: Hit) -> str:
        return hit.name.get_kind_display()

    @admin.display(description=_("Reference"), ordering="entry__reference")
    def reference(self, hit: Hit) -> str:
        return hit.entry.reference

    @admin.display(description=_("Likeness"), ordering="priority")
    def likeness(self, hit: Hit) -> str:
        return f"{hit.get_band_display()}, {hit.score:.0f}"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        _warn_of_the_list(request)
        title = {"title": _("Hits of the screening")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return hit_page.page(request, object_id)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        decide, search = guarded(hit_page.decide), guarded(list_search.search)
        return [
            path("search/", search, name="organizations_hit_search"),
            path("<int:object_id>/<slug:arrow>/decide/", decide, name="organizations_hit_decide"),
            *super().get_urls(),
        ]


def _warn_of_the_list(request: HttpRequest) -> None:
    """Say so where nothing can be relied on: no list, or one that was not read for days."""
    last = ListImport.objects.last_success()
    if last is None:
        messages.warning(request, _("No sanctions list has been taken yet."))
    elif timezone.now() - last > ListImport.STALE_AFTER:
        messages.warning(request, _("The sanctions list was not read for more than two days."))


class ListImportAdmin(ReadingAdmin):
    """Every reading of the list, and why one was not taken."""

    list_display = ("at", "outcome", "snapshot", "source", "message", "by")
    list_display_links = ("at",)
    list_filter = ("outcome",)
    list_select_related = ("snapshot", "by")
    fields = readonly_fields = ("at", "by", "source", "outcome", "message", "snapshot")

    def may_enter(self, user: User) -> bool:
        return is_reviewer(user) or is_administrator(user)


class SanctionsSnapshotAdmin(ReadingAdmin):
    list_display = ("generated_at", "is_current", "persons", "entities", "taken_at", "sha256")
    list_display_links = ("generated_at",)
    fields = readonly_fields = (
        "generated_at",
        "is_current",
        "persons",
        "entities",
        "sha256",
        "size",
        "source",
        "taken_at",
        "taken_by",
    )

    def may_enter(self, user: User) -> bool:
        return is_reviewer(user) or is_administrator(user)
