"""The dashboard: what is next for a member's organization, what it writes, what it has sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from organizations.people import signed_in
from organizations.permissions import member_of
from submissions import permissions
from submissions.models import Submission
from submissions.next_steps import next_steps
from submissions.progress import progress
from submissions.steps import steps_into_the_alliance
from submissions.workflow import APPROVED_STATES

# More drafts than that are only counted: checking them all would make everybody wait.
DRAFTS_SHOWN = 10


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """What is next for this person's organization; staff without one go to their workplace."""
    user = signed_in(request)
    membership = member_of(user)
    if membership is None:
        return redirect("admin:index" if user.is_staff else "organization")
    organization = membership.organization
    own = Submission.objects.filter(organization=organization)
    sent = list(own.received().defer("typed"))
    drafts = list(own.drafts().select_related("saved_by"))
    drafts.sort(key=lambda draft: draft.touched_last, reverse=True)
    begun = list(own.with_unsent_change().defer("typed"))
    can_apply = permissions.can_apply(user, organization)
    applications = [row for row in sent if row.is_application]
    approved = next((row for row in applications if row.status in APPROVED_STATES), None)
    has_application = any(row.is_application for row in drafts) or any(
        row.state.is_open for row in applications
    )
    context = {
        "membership": membership,
        "organization": organization,
        "next_steps": next_steps(sent, drafts, begun) if can_apply else next_steps(sent, [], []),
        "drafts": [(draft, progress(draft)) for draft in drafts[:DRAFTS_SHOWN]],
        "drafts_count": len(drafts),
        "open_submissions": [row for row in sent if row.state.is_open or row.is_live],
        "closed_submissions": [row for row in sent if not (row.state.is_open or row.is_live)],
        "approved": approved,
        "has_application": has_application,
        "may_apply": can_apply and not has_application and approved is None,
        "has_applied": bool(applications),
        "can_apply": can_apply,
        "moments": steps_into_the_alliance(organization, applications),
    }
    return render(request, "submissions/dashboard.html", context)
