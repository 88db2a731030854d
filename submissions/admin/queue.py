"""The review queue: everything received, by default what waits for the secretariat, oldest first."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from alliance import vocabularies
from alliance.text import Text
from alliance.workflow import Turn
from organizations.admin.reading import CaseAdmin, pill
from organizations.models import DueDiligence, User
from organizations.people import signed_in
from organizations.workflow import DUE_DILIGENCE
from submissions.admin import (
    acts,
    assignment,
    clarification,
    decisions,
    notes,
    review,
    statistics,
)
from submissions.admin.dossier import dossier
from submissions.models import DEMANDS_AND_OFFERS, Change, Kind, Submission
from submissions.models.kinds import STATUSES, of_turn
from submissions.overdue import answers_overdue, waiting_too_long
from submissions.workflow import DRAFT, FOR_DECISION, LIVE_STATES, SUBMITTED

_OURS = of_turn(Turn.SECRETARIAT)
_OPEN = of_turn(Turn.SECRETARIAT, Turn.APPLICANT)
_DEFAULT_TAB = "secretariat"
_CHANGES = "changes"
_CHANGED = "revision__submission"
# What a row of the list shows; the rest of a submission is three times as much.
_LISTED = (
    "reference",
    "kind",
    "title",
    "organization",
    "country",
    "status",
    "status_at",
    "assignee",
    "submitted_at",
)


def tab_conditions(user: User) -> dict[str, tuple[Text, Q]]:
    """The tabs of the queue for this person: a name, and which rows stand under it."""
    return {
        _DEFAULT_TAB: (_("Waiting for us"), _OURS),
        "mine": (_("Mine"), _OPEN & Q(assignee=user)),
        "unassigned": (_("Nobody's yet"), _OURS & Q(assignee=None)),
        "applicant": (
            _("Waiting for the applicant"),
            of_turn(Turn.APPLICANT),
        ),
        "decision": (
            _("For decision"),
            Q(status=FOR_DECISION) | Q(kind__in=DEMANDS_AND_OFFERS, status=SUBMITTED),
        ),
        "long": (
            ngettext_lazy(
                "Waiting for us for over a day",
                "Waiting for us for over %(days)d days",
                "days",
            )
            % {"days": settings.CASES_OVERDUE_AFTER_DAYS},
            waiting_too_long(),
        ),
        "overdue": (_("Answers overdue"), answers_overdue()),
        _CHANGES: (
            _("Changes to what is published"),
            Q(status__in=LIVE_STATES, pk__in=Change.objects.waiting().values(_CHANGED)),
        ),
        "all": (_("All, closed ones too"), Q()),
    }


def queue_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The tabs with their counts, in two queries; closed cases are not counted."""
    user = signed_in(request)
    tabs = tab_conditions(user)
    mine = Submission.objects.reviewable_by(user)
    # What waits for a change is not open: it has an index of its own, so it is counted apart.
    counts = mine.filter(_OPEN).aggregate(
        **{
            name: Count("pk", filter=rows)
            for name, (_label, rows) in tabs.items()
            if rows and name != _CHANGES
        }
    )
    counts[_CHANGES] = mine.filter(tabs[_CHANGES][1]).count()
    chosen = request.GET.get(QueueFilter.parameter_name, _DEFAULT_TAB)
    return [
        {
            "address": "?" if name == _DEFAULT_TAB else f"?{QueueFilter.parameter_name}={name}",
            "label": label,
            "count": counts.get(name),
            "chosen": name == chosen,
        }
        for name, (label, _rows) in tabs.items()
    ]


class QueueFilter(admin.SimpleListFilter):
    """Whose turn it is; drawn as tabs above the list, so it offers nothing beside it."""

    title = _("waiting for")
    parameter_name = "queue"
    template = "admin/submissions/submission/no_filter.html"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [
            (name, label) for name, (label, _rows) in tab_conditions(signed_in(request)).items()
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> QuerySet[Submission]:
        tabs = tab_conditions(signed_in(request))
        _label, rows = tabs.get(self.value() or _DEFAULT_TAB, tabs[_DEFAULT_TAB])
        return queryset.filter(rows)


class _OneOf(admin.SimpleListFilter):
    """A filter over a column of codes, with the words that people know them by."""

    parameter_name: str

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> QuerySet[Submission]:
        value = self.value()
        return queryset if value is None else queryset.filter(**{self.parameter_name: value})


class StatusFilter(_OneOf):
    title = _("state")
    parameter_name = "status"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [(code, label) for code, label in STATUSES.items() if code != DRAFT]


class KindFilter(_OneOf):
    title = _("kind")
    parameter_name = "kind"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [*Kind.choices]


class RegionFilter(_OneOf):
    title = _("region")
    parameter_name = "region"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [*vocabularies.choices("region")]


class CategoryFilter(_OneOf):
    title = _("partner category")
    parameter_name = "partner_category"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [*vocabularies.choices("partner-category")]


@admin.register(Submission)
class SubmissionAdmin(CaseAdmin):
    """Reviewers read here and act through the buttons of the review page, never by editing rows."""

    list_display = (
        "reference",
        "kind",
        "named",
        "country_name",
        "state_pill",
        "due_diligence_pill",
        "assignee",
        "days_in_state",
        "received_on",
    )
    list_display_links = ("reference",)
    list_filter = (QueueFilter, KindFilter, StatusFilter, RegionFilter, CategoryFilter)
    list_select_related = ("assignee",)
    search_fields = ("reference", "title", "organization__name")
    search_help_text = _("Reference or institution")
    ordering = ("submitted_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        newest = DueDiligence.objects.filter(organization=OuterRef("organization"))
        rows = Submission.objects.reviewable_by(signed_in(request)).only(*_LISTED)
        return rows.annotate(
            due_diligence_status=Subquery(newest.order_by("-number").values("status")[:1]),
            organization_name=F("organization__name"),
        )

    @admin.display(description=_("Name"), ordering="title")
    def named(self, submission: Submission) -> SafeString | str:
        """An application is named by its institution; a Demand or Offer says whose it is."""
        if submission.is_application:
            return submission.title
        return format_html(
            '{}<br><span class="quiet">{}</span>',
            submission.title,
            getattr(submission, "organization_name", ""),
        )

    @admin.display(description=_("country"), ordering="country")
    def country_name(self, submission: Submission) -> str | None:
        country = vocabularies.country(submission.country_id or "")
        return country.name if country else None

    @admin.display(description=_("Due diligence"), ordering="due_diligence_status")
    def due_diligence_pill(self, submission: Submission) -> SafeString | str:
        status = getattr(submission, "due_diligence_status", None)
        return pill(DUE_DILIGENCE.state(status)) if status else "–"

    @admin.display(description=_("Received"), ordering="submitted_at")
    def received_on(self, submission: Submission) -> Any:
        return submission.submitted_at.date() if submission.submitted_at else None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's list under its own name, with the tabs above it."""
        return super().changelist_view(
            request,
            {"title": _("Review queue"), "tabs": queue_tabs(request), **(extra_context or {})},
        )

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return review.page(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        routes: dict[str, tuple[str, Callable[..., HttpResponseBase]]] = {
            "step/<slug:arrow>/": ("step", acts.step),
            "decide/": ("decide", decisions.decide),
            "decisions/<int:decision_id>/letter/": ("letter", decisions.letter),
            "decisions/<int:decision_id>/confirm/": ("confirm", decisions.confirm),
            "decisions/<int:decision_id>/publish/": ("publish", decisions.publish),
            "decisions/<int:decision_id>/drop/": ("drop", decisions.drop),
            "changes/<int:change_id>/accept/": ("accept_change", acts.accept_change),
            "changes/<int:change_id>/refuse/": ("refuse_change", acts.refuse_change),
            "attachments/<uuid:attachment_uuid>/": ("attachment", acts.attachment),
            "note/": ("note", notes.note),
            "notes/read/": ("read", notes.read),
            "here/": ("here", notes.here),
            "dossier.pdf": ("dossier", dossier),
            "assign/": ("assign", assignment.assign),
            **clarification.ACTS,
        }
        pages = {**statistics.PAGES, **assignment.PAGES}
        return [
            *(
                path(route, guarded(view), name=f"submissions_submission_{name}")
                for route, (name, view) in pages.items()
            ),
            *(
                path(
                    f"<int:object_id>/{route}", guarded(view), name=f"submissions_submission_{name}"
                )
                for route, (name, view) in routes.items()
            ),
            *super().get_urls(),
        ]
