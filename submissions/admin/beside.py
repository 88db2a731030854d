"""What stands beside a case: the organization's other cases, and Demands and Offers that are near."""

from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from organizations.models import User
from submissions.models import Kind, Submission
from submissions.workflow import CLARIFICATION_REQUESTED, LIVE_STATES, SUBMITTED

_MOST = 10
_MOST_NEAR = 5
_OPPOSITE = {Kind.DEMAND: Kind.OFFER, Kind.OFFER: Kind.DEMAND}
_NEAR_STATES = (SUBMITTED, CLARIFICATION_REQUESTED, *LIVE_STATES)
_SHOWN = ("reference", "kind", "title", "status", "submitted_at")


def beside(user: User, submission: Submission) -> dict[str, Any]:
    """Two lists of cases, newest first; the second is empty for Expressions of Interest."""
    others = Submission.objects.received().filter(organization=submission.organization_id)
    return {
        "history": list(
            others.exclude(pk=submission.pk).only(*_SHOWN).order_by("-submitted_at")[:_MOST]
        ),
        "near": list(near(user, submission)[:_MOST_NEAR]) if not submission.is_application else [],
    }


def near(user: User, submission: Submission) -> QuerySet[Submission]:
    """Offers for a Demand and the other way round, with a theme or a place in common.

    Those with both come first. Only what this person may review, and what is open or published.
    """
    same_theme = Q(themes__overlap=submission.themes)
    same_place = Q(places__overlap=submission.places)
    rows = (
        Submission.objects.reviewable_by(user)
        .filter(kind=_OPPOSITE[Kind(submission.kind)], status__in=_NEAR_STATES)
        .filter(same_theme | same_place)
        .exclude(organization=submission.organization_id)
        .annotate(
            has_both=Case(
                When(same_theme & same_place, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
    )
    listed = rows.select_related("organization").order_by("-has_both", "-submitted_at")
    return listed.only(*_SHOWN, "organization__name")
