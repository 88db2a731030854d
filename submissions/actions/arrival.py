"""What follows on a submission that was received: its sender and due diligence hear of it.

Sending only keeps what was sent, gives the number, and says on the row that it arrives. The worker
looks for such rows every second and does the rest: so nobody waits for it, and nothing of it is lost
with a process.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import override

from alliance import audit
from organizations.actions.due_diligence_work import note_application, note_engagement
from organizations.actions.registration import Profile, change_held_profile
from organizations.actions.screening import Named, note_people
from organizations.models import Organization, ScreenedName, User
from submissions import emails
from submissions.actions.moves import locked
from submissions.answers import codes
from submissions.models import Submission

log = logging.getLogger(__name__)


def take_in_received() -> int:
    """Take in all that arrives, the oldest first; returns how many. A sweep.

    What cannot be taken in is logged, holds up no other, and is due again the next time.
    """
    return sum(map(_is_taken_in, list(Submission.objects.arriving().order_by("pk"))))


def _is_taken_in(submission: Submission) -> bool:
    try:
        take_in(submission)
    except Exception:
        log.exception("not taken in", extra={"submission": submission.pk})
        return False
    return True


@transaction.atomic
def take_in(submission: Submission) -> Submission:
    """Tell due diligence, and confirm to the sender by mail; once, however often it is called."""
    submission = locked(submission)
    if not submission.is_arriving:
        return submission
    sent = submission.revisions.get(number=1)
    by = submission.submitted_by
    with audit.in_one_go():
        if submission.is_application:
            _tell_profile(submission.organization, sent.answers, by=by)
            tell_due_diligence(submission, sent.answers)
        else:
            note_engagement(submission.organization, submission.kind)
    if by is not None and by.is_active:
        with override(sent.language):
            emails.submission_received(submission, by=by)
    submission.is_arriving = False
    submission.save(update_fields=["is_arriving"])
    return submission


def _tell_profile(organization: Organization, values: dict[str, Any], *, by: User | None) -> None:
    """What the application says and the profile does not yet, goes into the profile too."""
    profile = Profile(
        website=None if organization.website else str(values["website"]),
        description=None if organization.description else str(values["description"]),
    )
    if by is not None and profile != Profile():
        change_held_profile(organization, by=by, profile=profile)


def tell_due_diligence(submission: Submission, values: dict[str, Any]) -> None:
    """Have lead and co-lead screened, and the level follow what the institution wants to do."""
    people = [
        Named(name=name, role=role, email=str(values.get(f"{role}_email") or ""))
        for role in (ScreenedName.Kind.LEAD, ScreenedName.Kind.CO_LEAD)
        if (name := str(values.get(f"{role}_name") or "").strip())
    ]
    note_people(
        submission.organization,
        people,
        source=ScreenedName.Source.APPLICATION,
        reference=submission.reference or "",
        by=submission.submitted_by,
    )
    note_application(
        submission.organization,
        category=codes(values["partner_category"])[0],
        engagement=codes(values["interest"]),
    )
