"""The review queue: everything received, by default what waits for the secretariat, oldest first."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path

from organizations.people import signed_in
from submissions.admin import (
    acts,
    assignment,
    clarification,
    decisions,
    notes,
    queue_acts,
    queue_page,
    review,
    statistics,
    team,
)
from submissions.admin.dossier import dossier
from submissions.admin.queue_list import QueueColumns
from submissions.models import Submission
from submissions.models.submission_queryset import SubmissionQuerySet
from submissions.queue.asked import Asked


@admin.register(Submission)
class SubmissionAdmin(QueueColumns):
    """Reviewers read here and act through the buttons of the review page, never by editing rows."""

    def get_queryset(self, request: HttpRequest) -> SubmissionQuerySet:
        return Submission.objects.reviewable_by(signed_in(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A page of our own in place of Django's list, which draws cell by cell."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return queue_page.show(self, request, Asked.read(request.GET))

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return review.page(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        of_list: dict[str, tuple[str, Callable[..., HttpResponseBase]]] = {
            "start-reviews/": ("start_reviews", queue_acts.start_reviews),
            "assign/": ("assign_many", queue_acts.assign),
            "take/": ("take", queue_acts.take),
            "views/": ("save_view", queue_acts.save_view),
            "views/<int:view_id>/rename/": ("rename_view", queue_acts.rename_view),
            "views/<int:view_id>/delete/": ("delete_view", queue_acts.delete_view),
            **statistics.PAGES,
            **assignment.PAGES,
            **team.PAGES,
        }
        of_case: dict[str, tuple[str, Callable[..., HttpResponseBase]]] = {
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
            "assign/": ("assign", assignment.assign),
            "dossier.pdf": ("dossier", dossier),
            **clarification.ACTS,
        }
        routes = of_list | {f"<int:object_id>/{route}": act for route, act in of_case.items()}
        return [
            path(route, guarded(view), name=f"submissions_submission_{name}")
            for route, (name, view) in routes.items()
        ] + super().get_urls()
