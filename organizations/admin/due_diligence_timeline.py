"""An organization's history as the secretariat reads it, from the event trail."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from alliance.models import Event
from alliance.text import Text
from organizations.models import Organization, User

TITLES: dict[str, Text] = {
    "organization.registered": _("Registered"),
    "organization.profile_changed": _("Profile changed"),
    "organization.renamed": _("Name changed"),
    "organization.listing_declared": _("Said in its declaration whether it may be listed"),
    "organization.listing_agreed": _("Agreed to be listed in the directory"),
    "organization.listing_taken_back": _("No longer agrees to be listed in the directory"),
    "organization.document_added": _("Document added"),
    "organization.document_removed": _("Document removed"),
    "organization.handed_over": _("Handed over to another owner"),
    "organization.closed": _("Closed: nobody speaks for it any more"),
    "organization.duplicate_found": _("May be registered twice"),
    "organization.duplicate_kept_apart": _("Not registered twice"),
    "organization.duplicate_request_made": _("Registered twice: asks to join the earlier one"),
    "member.invited": _("Colleague invited"),
    "member.invitation_revoked": _("Invitation taken back"),
    "member.joined": _("Member joined"),
    "member.left": _("Member left"),
    "member.removed": _("Member removed"),
    "member.role_changed": _("Role of a member changed"),
    "due_diligence.screening_started": _("Screening started"),
    "due_diligence.review_started": _("Review started"),
    "due_diligence.checks_answered": _("Checks answered"),
    "due_diligence.level_proposed": _("Level follows the proposal"),
    "due_diligence.level_set": _("Level set"),
    "due_diligence.clearing_recommended": _("Clearing recommended"),
    "due_diligence.clarification_requested": _("Question asked"),
    "due_diligence.clarification_answered": _("Question answered"),
    "due_diligence.question_taken_back": _("Question taken back"),
    "due_diligence.question_reminded": _("Reminder of the question"),
    "due_diligence.escalated": _("Escalated"),
    "due_diligence.returned_to_review": _("Back under review"),
    "due_diligence.cleared": _("Cleared"),
    "due_diligence.cleared_with_conditions": _("Cleared with conditions"),
    "due_diligence.refused": _("Not cleared"),
    "due_diligence.suspended": _("Clearance suspended"),
    "due_diligence.expired": _("Clearance expired"),
    "due_diligence.assigned": _("Assigned"),
    "conflict.declared": _("Conflict of interest declared"),
    "conflict.ended": _("Conflict of interest ended"),
    "screening.hit_found": _("Hit found"),
    "screening.hit_dismissed": _("Hit dismissed"),
    "screening.hit_confirmed": _("Hit confirmed"),
    "screening.hit_reopened": _("Hit opened again"),
    "screening.name_added": _("Name added"),
    "screening.name_described": _("Name described"),
    "screening.name_retired": _("Name taken off"),
}


@dataclass(frozen=True)
class Line:
    """One event; `actor` is None where the portal acted by itself, or the person is gone."""

    title: Text
    at: datetime
    actor: User | None


def timeline(organization: Organization) -> list[Line]:
    """Everything that happened, newest first; two queries. An event without words shows its name."""
    events = list(Event.objects.all().about(organization))
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [
        Line(TITLES.get(event.name, event.name), event.at, people.get(event.actor_id or 0))
        for event in events
    ]
