"""Due diligence in the admin: the list of cycles that count, and one page for each."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.admin import due_diligence_acts, due_diligence_page
from organizations.admin.reading import CaseAdmin
from organizations.due_diligence.rules import ENDING_WITHIN
from organizations.models import DueDiligence, DueDiligenceQuestion, Hit, User
from organizations.people import signed_in
from organizations.workflow import CLEARED_STATES, DUE_DILIGENCE, HIT_OPEN, NOT_STARTED

_AT_WORK = tuple(
    code
    for code in DUE_DILIGENCE.codes(turn=DUE_DILIGENCE.state(NOT_STARTED).turn)
    if code != NOT_STARTED
)


def cycles_that_count(user: User) -> QuerySet[DueDiligence]:
    """Of each organization that this person may review, the newest cycle."""
    return with_hits(DueDiligence.objects.newest().reviewable_by(user))


def with_hits(cycles: QuerySet[DueDiligence]) -> QuerySet[DueDiligence]:
    """`has_open_hits` says whether there is one to decide."""
    open_hits = Hit.objects.open().filter(organization=OuterRef("organization"))
    return cycles.annotate(has_open_hits=Exists(open_hits))


def ending() -> Q:
    """Clearances that end soon."""
    last = timezone.localdate() + ENDING_WITHIN
    return Q(status__in=CLEARED_STATES, valid_until__lte=last)


def waiting() -> Q:
    """Cycles at work, and those not started although an application or an open hit is there."""
    applied = ~Q(partner_category="", engagement=[])
    return Q(status__in=_AT_WORK) | Q(status=NOT_STARTED) & (applied | Q(has_open_hits=True))


def tabs() -> dict[str, tuple[Any, Q]]:
    """The tabs of the list: a name, and which rows stand under it."""
    return {
        "work": (_("Waiting for us"), waiting()),
        "late": (
            _("Answer overdue"),
            Q(pk__in=DueDiligenceQuestion.objects.overdue().values("cycle")),
        ),
        "hits": (_("With open hits"), Q(has_open_hits=True)),
        "ending": (
            _("Ending within %(days)d days") % {"days": ENDING_WITHIN // timedelta(days=1)},
            ending(),
        ),
        "new": (_("Not started"), Q(status=NOT_STARTED)),
        "all": (_("All"), Q()),
    }


class CycleFilter(admin.SimpleListFilter):
    """Drawn as tabs above the list."""

    title = _("waiting for")
    parameter_name = "list"
    template = "admin/organizations/duediligence/no_filter.html"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _rows) in tabs().items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DueDiligence]
    ) -> QuerySet[DueDiligence]:
        known = tabs()
        _label, rows = known.get(self.value() or "work", known["work"])
        return queryset.filter(rows)


class LevelFilter(admin.SimpleListFilter):
    title = _("level")
    parameter_name = "level"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return list(DueDiligence.Level.choices)

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[DueDiligence]
    ) -> QuerySet[DueDiligence]:
        return queryset.filter(level=self.value()) if self.value() else queryset


class DueDiligenceAdmin(CaseAdmin):
    """Reviewers read here and act through the buttons of the page, never by editing rows."""

    change_list_template = "admin/organizations/duediligence/change_list.html"
    list_display = (
        "organization",
        "place",
        "state_pill",
        "level",
        "hits",
        "assignee",
        "ends",
        "days_in_state",
    )
    list_display_links = ("organization",)
    list_filter = (CycleFilter, LevelFilter)
    list_select_related = ("organization__country", "assignee")
    search_fields = ("organization__name",)
    search_help_text = _("Organization")
    ordering = ("status_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DueDiligence]:
        """Of each organization the cycle that counts."""
        match = request.resolver_match
        if match is not None and match.view_name.endswith("changelist"):
            rows = cycles_that_count(signed_in(request))
        else:
            rows = with_hits(DueDiligence.objects.reviewable_by(signed_in(request)))
        return rows.annotate(
            open_hits=Count("organization__hits", filter=Q(organization__hits__status=HIT_OPEN)),
        )

    @admin.display(description=_("Place"))
    def place(self, cycle: DueDiligence) -> str:
        return cycle.organization.place

    @admin.display(description=_("Open hits"), ordering="open_hits")
    def hits(self, cycle: DueDiligence) -> int | str:
        return getattr(cycle, "open_hits", 0) or "–"

    @admin.display(description=_("Valid until"), ordering="valid_until")
    def ends(self, cycle: DueDiligence) -> Any:
        return cycle.valid_until if cycle.is_cleared else None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        chosen = request.GET.get(CycleFilter.parameter_name, "work")
        shown = [
            {
                "address": "?" if name == "work" else f"?{CycleFilter.parameter_name}={name}",
                "label": label,
                "count": None,
                "chosen": name == chosen,
            }
            for name, (label, _rows) in tabs().items()
        ]
        context = {"title": _("Due diligence"), "tabs": shown, **(extra_context or {})}
        return super().changelist_view(request, context)

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return due_diligence_page.page(request, object_id)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path(
                f"<int:object_id>/{name.replace('_', '-')}/",
                guarded(view),
                name=f"organizations_duediligence_{name}",
            )
            for name, view in due_diligence_acts.ACTS.items()
        ] + super().get_urls()
