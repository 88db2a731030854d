"""The queue as Django's lists go, for whoever takes any list of the admin as it is: the export."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alliance.text import Text
from organizations.admin.reading import CaseAdmin
from organizations.models import DueDiligence, Hit
from organizations.people import signed_in
from organizations.workflow import DUE_DILIGENCE
from submissions.models import Submission
from submissions.models.submission_queryset import SubmissionQuerySet
from submissions.queue import filtered
from submissions.queue.selection import due_day


class QueueList(ChangeList):
    """Which rows, and in which order, the address says in the queue's own words."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: Any = None
    ) -> SubmissionQuerySet:
        self.filter_specs: list[Any] = []
        self.has_filters = self.has_active_filters = False
        cycles = DueDiligence.objects.filter(organization=OuterRef("organization"))
        newest = cycles.order_by("-number")
        hits = Hit.objects.open().filter(organization=OuterRef("organization")).order_by()
        rows = filtered(signed_in(request), request.GET).annotate(
            level_code=Subquery(newest.values("level")[:1]),
            clearance_code=Subquery(newest.values("status")[:1]),
            hits_found=Subquery(hits.values("organization").values(number=Count("pk"))),
            due_on=due_day(),
        )
        return rows.select_related("organization", "country", "assignee")


class QueueColumns(CaseAdmin):
    """What is told of each row there."""

    list_display = (
        "reference",
        "kind",
        "title",
        "organization",
        "country",
        "in_state",
        "whose_turn",
        "days_in_state",
        "assignee",
        "level",
        "clearance",
        "open_hits",
        "answer_due",
        "submitted_at",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueList

    @admin.display(description=_("State"))
    def in_state(self, case: Submission) -> Text:
        return case.state.label

    @admin.display(description=_("Turn"))
    def whose_turn(self, case: Submission) -> Text:
        return case.state.turn.label

    @admin.display(description=_("Due diligence level"))
    def level(self, case: Any) -> Text:
        return DueDiligence.Level(case.level_code).label if case.level_code else ""

    @admin.display(description=_("Due diligence"))
    def clearance(self, case: Any) -> Text:
        return DUE_DILIGENCE.state(case.clearance_code).label if case.clearance_code else ""

    @admin.display(description=_("Open hits"))
    def open_hits(self, case: Any) -> int:
        return case.hits_found or 0

    @admin.display(description=_("Answer due"))
    def answer_due(self, case: Any) -> Any:
        return case.due_on
