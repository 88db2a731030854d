"""What every action on a submission shares: the lock, the move, the event."""

from copy import copy
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.prepared import Prepared
from alliance.prepared_writes import update
from alliance.workflow import Actor
from organizations.models import User
from organizations.permissions import belongs_to
from submissions import permissions
from submissions.directory.writing import follow_organization
from submissions.models import Submission
from submissions.public.writing import follow
from submissions.workflow import APPROVED_STATES, CLARIFICATION_REQUESTED, PAUSED, PUBLISHED

_MOVED = (
    "status",
    "status_at",
    "status_by",
    "is_paused_by_portal",
    "is_paused_by_secretariat",
)

# Rows are locked in the order in which they are named here.
_locked = Prepared(
    lambda row: (
        Submission.objects.filter(pk=row)
        .order_by()
        .select_related("organization__type")
        .select_for_update(of=("organization", "self"), no_key=True)
    ),
    int,
)


_standing = Prepared(
    lambda row: (
        Submission.objects.filter(pk=row)
        .order_by()
        .select_related("organization")
        .only("status", "version", "organization__id")
        .select_for_update(of=("organization", "self"), no_key=True)
    ),
    int,
)


def locked(submission: Submission) -> Submission:
    """The row as it is now, held until the transaction ends; who comes second waits here.

    The organization's row is held with it, and first: so nobody waits in a ring with those who
    come from there, and a clearance that is read stays as it is.
    """
    held = _locked.first(submission.pk)
    if held is None:
        raise ActionRefused(_("This was deleted meanwhile."))
    return held


def locked_as_read(submission: Submission) -> Submission:
    """As `locked`, for whom the row in hand will do while status and version are what they were.

    A copy of it, so that the caller's keeps what it said should the transaction fail.
    """
    standing = _standing.first(submission.pk)
    if standing is None or (standing.status, standing.version) != (
        submission.status,
        submission.version,
    ):
        return locked(submission)
    return copy(submission)


def move(
    submission: Submission,
    arrow_name: str,
    *,
    event: str,
    by: User | None,
    also_save: tuple[str, ...] = (),
    **data: Any,
) -> None:
    """Walk one arrow of a locked submission, save it, show or hide it, and write the event.

    Raises ActionRefused where the arrow does not leave the present state, or is not this
    person's. `data` goes into the event: codes and ids only. Questions that were left open on
    the way out of a clarification end with it.
    """
    actors = {Actor.SYSTEM} if by is None else permissions.capacities(by, submission)
    before = submission.status
    submission.workflow.move(submission, arrow_name, by=by, actors=actors)
    if submission.status != PAUSED:
        submission.is_paused_by_portal = submission.is_paused_by_secretariat = False
    update(submission, *_MOVED, *also_save)
    if PUBLISHED in (before, submission.status):
        follow(submission)
    elif before in APPROVED_STATES or submission.status in APPROVED_STATES:
        follow_organization(submission.organization)
    if before == CLARIFICATION_REQUESTED:
        submission.clarifications.open().update(ended_at=timezone.now())
    audit.record(
        event,
        by=by,
        about=submission,
        before=before,
        after=submission.status,
        **data,
    )


def moved_on(submission: Submission, *, for_staff: bool = False) -> ActionRefused:
    """What the slower of two people is told: who did what. Members learn no names of staff."""
    state = submission.state
    by = submission.status_by
    if by is None:
        person = _("The portal")
    elif for_staff or not by.is_staff or belongs_to(by, submission.organization):
        person = str(by)
    else:
        person = _("The secretariat")
    return ActionRefused(
        _("%(person)s was quicker: it is now “%(state)s”.")
        % {"person": person, "state": state.label if for_staff else state.public_label}
    )
