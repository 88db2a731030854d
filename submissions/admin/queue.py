"""The review queue: everything received, by default what waits for the secretariat, oldest first."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from alliance.workflow import State, Turn
from organizations.models import DueDiligence
from organizations.permissions import is_reviewer
from organizations.workflow import DUE_DILIGENCE
from submissions.admin import review
from submissions.models import Submission
from submissions.workflow import EXPRESSION_OF_INTEREST, FOR_DECISION


def pill(state: State) -> SafeString:
    return format_html('<span class="pill" data-state="{}">{}</span>', state.pill, state.label)


class QueueFilter(admin.SimpleListFilter):
    """Whose turn it is; without a choice, the secretariat's."""

    title = _("waiting for")
    parameter_name = "queue"

    _FILTERS: dict[str, Callable[[QuerySet[Submission], Any], QuerySet[Submission]]] = {
        "secretariat": lambda rows, user: rows.filter(
            status__in=EXPRESSION_OF_INTEREST.codes(turn=Turn.SECRETARIAT)
        ),
        "mine": lambda rows, user: rows.filter(
            assignee=user, status__in=EXPRESSION_OF_INTEREST.open_codes()
        ),
        "unassigned": lambda rows, user: rows.filter(
            assignee=None, status__in=EXPRESSION_OF_INTEREST.codes(turn=Turn.SECRETARIAT)
        ),
        "applicant": lambda rows, user: rows.filter(
            status__in=EXPRESSION_OF_INTEREST.codes(turn=Turn.APPLICANT)
        ),
        "decision": lambda rows, user: rows.filter(status=FOR_DECISION),
        "all": lambda rows, user: rows,
    }

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [
            ("mine", _("Me")),
            ("unassigned", _("Nobody's yet")),
            ("applicant", _("The applicant")),
            ("decision", _("Decision")),
            ("all", _("All, closed ones too")),
        ]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("The secretariat"),
        }
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> QuerySet[Submission]:
        chosen = self._FILTERS.get(self.value() or "secretariat", self._FILTERS["secretariat"])
        return chosen(queryset, request.user)


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin[Submission]):
    """Reviewers read here and act through the buttons of the review page, never by editing rows."""

    list_display = (
        "reference",
        "title",
        "country",
        "state_pill",
        "due_diligence_pill",
        "assignee",
        "days_in_state",
        "received_on",
    )
    list_display_links = ("reference",)
    list_filter = (QueueFilter, "status", "region", "partner_category")
    list_select_related = ("country", "assignee")
    list_per_page = 50
    search_fields = ("reference", "title", "organization__name")
    search_help_text = _("Reference or institution")
    ordering = ("submitted_at", "id")
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        newest = DueDiligence.objects.filter(organization=OuterRef("organization"))
        return Submission.objects.received().annotate(
            due_diligence_status=Subquery(newest.order_by("-number").values("status")[:1])
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_reviewer(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return is_reviewer(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return False

    @admin.display(description=_("State"), ordering="status")
    def state_pill(self, submission: Submission) -> SafeString:
        return pill(submission.state)

    @admin.display(description=_("Due diligence"), ordering="due_diligence_status")
    def due_diligence_pill(self, submission: Submission) -> SafeString | str:
        status = getattr(submission, "due_diligence_status", None)
        return pill(DUE_DILIGENCE.state(status)) if status else "–"

    @admin.display(description=_("Days in state"), ordering="-status_at")
    def days_in_state(self, submission: Submission) -> int:
        return (timezone.now() - submission.status_at).days

    @admin.display(description=_("Received"), ordering="submitted_at")
    def received_on(self, submission: Submission) -> Any:
        return submission.submitted_at.date() if submission.submitted_at else None

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The review page in place of Django's form."""
        return review.page(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        acts: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "step/<slug:arrow>/": ("step", review.step),
            "decide/": ("decide", review.decide),
            "letter/": ("letter", review.letter),
            "publish/": ("publish", review.publish),
            "drop/": ("drop", review.drop),
            "note/": ("note", review.note),
            "due-diligence/": ("due_diligence", review.due_diligence),
        }
        return [
            path(f"<int:object_id>/{route}", guarded(view), name=f"submissions_submission_{name}")
            for route, (name, view) in acts.items()
        ] + super().get_urls()
