"""Screening in the admin: hits for people to decide, and what was read of the sanctions list."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alliance.exceptions import ActionRefused
from alliance.text import Text
from alliance.workflow import Arrow
from organizations import screening_actions as actions
from organizations.due_diligence import current_cycle
from organizations.due_diligence_moves import capacities
from organizations.forms_due_diligence import ReasonForm
from organizations.models import Hit, ListImport, User
from organizations.people import signed_in
from organizations.permissions import (
    can_review_organization,
    is_administrator,
    is_reviewer,
)
from organizations.screening.spelling import latin_words
from organizations.workflow import HIT, HIT_OPEN

_DECIDE: dict[str, tuple[Callable[..., Hit], Text]] = {
    "dismiss": (actions.dismiss_hit, _("Dismissed. It is not asked again while nothing changes.")),
    "confirm": (actions.confirm_hit, _("Confirmed. A clearance is suspended from now on.")),
    "reopen": (actions.reopen_hit, _("Open again.")),
}


class _ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that people read and nobody edits."""

    list_per_page = 50
    show_full_result_count = False
    actions = None

    def may_enter(self, user: User) -> bool:
        return is_reviewer(user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and self.may_enter(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


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


class HitAdmin(_ReadOnlyAdmin):
    """What the screening found, what weighs most first."""

    list_display = (
        "name",
        "role",
        "organization",
        "listed_name",
        "reference",
        "likeness",
        "state_pill",
        "days_open",
    )
    list_display_links = ("name",)
    list_filter = (HitStateFilter, "band")
    list_select_related = ("name", "entry", "organization")
    search_fields = ("name__name", "organization__name", "entry__reference", "listed_name")
    search_help_text = _("Name, organization or reference of the list")
    ordering = ("-priority", "id")

    @admin.display(description=_("Role"))
    def role(self, hit: Hit) -> str:
        return hit.name.get_kind_display()

    @admin.display(description=_("Reference"), ordering="entry__reference")
    def reference(self, hit: Hit) -> str:
        return hit.entry.reference

    @admin.display(description=_("Likeness"), ordering="priority")
    def likeness(self, hit: Hit) -> str:
        return f"{hit.get_band_display()}, {hit.score:.0f}"

    @admin.display(description=_("State"), ordering="status")
    def state_pill(self, hit: Hit) -> SafeString:
        return format_html(
            '<span class="pill" data-state="{}">{}</span>', hit.state.pill, hit.state.label
        )

    @admin.display(description=_("Days in state"), ordering="-status_at")
    def days_open(self, hit: Hit) -> int:
        return (timezone.now() - hit.status_at).days

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        _warn_of_the_list(request)
        title = {"title": _("Hits of the screening")}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The two records side by side, in place of Django's form."""
        return hit_page(request, object_id)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(decide)
        name = "organizations_hit_decide"
        return [
            path("<int:object_id>/<slug:arrow>/decide/", view, name=name),
            *super().get_urls(),
        ]


def _warn_of_the_list(request: HttpRequest) -> None:
    """Say so where nothing can be relied on: no list, or one that was not read for days."""
    last = ListImport.objects.last_success()
    if last is None:
        messages.warning(request, _("No sanctions list has been taken yet."))
    elif timezone.now() - last > ListImport.STALE_AFTER:
        messages.warning(request, _("The sanctions list was not read for more than two days."))


def hit_page(
    request: HttpRequest,
    object_id: str | int,
    *,
    status: int = 200,
    refused: str = "",
    form: ReasonForm | None = None,
) -> HttpResponse:
    """One hit with what speaks for and against it, and what this reviewer may say.

    `form` holds a reason that was refused for the arrow `refused`.
    """
    user = signed_in(request)
    hit = _reviewed(user, object_id)
    context = {
        **admin.site.each_context(request),
        "opts": Hit._meta,
        "title": str(hit.name),
        "hit": hit,
        "entry": hit.entry,
        "organization": hit.organization,
        "cycle": current_cycle(hit.organization),
        "name_words": _words(hit.name.name, hit.listed_name),
        "listed_words": _words(hit.listed_name, hit.name.name),
        "born": _years(hit.entry.birth_years),
        "country": hit.name.country or hit.organization.country,
        "acts": _acts(user, hit, refused, form),
    }
    return render(request, "admin/organizations/hit/page.html", context, status=status)


def _reviewed(user: User, object_id: str | int) -> Hit:
    if not is_reviewer(user):
        raise PermissionDenied
    hit = (
        Hit.objects.select_related(
            "name__country", "entry", "organization__country", "status_by", "first_run", "last_run"
        )
        .filter(pk=object_id if str(object_id).isdigit() else 0)
        .first()
    )
    if hit is None:
        raise Http404
    if not can_review_organization(user, hit.organization):
        raise PermissionDenied
    return hit


def _acts(
    user: User, hit: Hit, refused: str, form: ReasonForm | None
) -> list[tuple[Arrow, ReasonForm]]:
    """Each arrow that this person may take now, with its form; one keeps what was refused."""
    arrows = HIT.leaving(hit.status, capacities(user, hit.organization))
    forms = [
        (arrow, form if form and arrow.name == refused else ReasonForm(prefix=arrow.name))
        for arrow in arrows
    ]
    if form is not None and refused not in {arrow.name for arrow in arrows}:
        # Somebody was quicker: the text stays, without a button that could send it.
        forms.append((Arrow("", (), HIT_OPEN, frozenset(), _("What you wrote")), form))
    return forms


def _words(name: str, other: str) -> list[tuple[str, bool]]:
    """The words of a name, each with whether the other has it too."""
    others = set(latin_words(other))
    return [(word, bool(set(latin_words(word)) & others)) for word in name.split()]


def _years(ranges: list[list[int]]) -> str:
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges)


@require_POST
def decide(request: HttpRequest, object_id: int, arrow: str) -> HttpResponse:
    """Dismiss, confirm or reopen a hit, with the reason; a refusal keeps what was typed."""
    user = signed_in(request)
    if arrow not in _DECIDE:
        raise Http404
    hit = _reviewed(user, object_id)
    form = ReasonForm(request.POST, prefix=arrow)
    if not form.is_valid():
        return hit_page(request, object_id, status=422, refused=arrow, form=form)
    act, done = _DECIDE[arrow]
    try:
        act(hit, by=user, reason=form.cleaned_data["reason"])
    except ActionRefused as refused:
        form.add_error(None, refused.message)
        messages.error(request, refused.message)
        return hit_page(request, object_id, status=409, refused=arrow, form=form)
    messages.success(request, done)
    return redirect("admin:organizations_hit_change", hit.pk)


class ListImportAdmin(_ReadOnlyAdmin):
    """Every reading of the list, and why one was not taken."""

    list_display = ("at", "outcome", "snapshot", "source", "message", "by")
    list_display_links = ("at",)
    list_filter = ("outcome",)
    list_select_related = ("snapshot", "by")
    fields = readonly_fields = ("at", "by", "source", "outcome", "message", "snapshot")

    def may_enter(self, user: User) -> bool:
        return is_reviewer(user) or is_administrator(user)


class SanctionsSnapshotAdmin(_ReadOnlyAdmin):
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
