"""What every action on a submission shares: the lock, the move, the event."""

from typing import Any

from alliance import audit
from alliance.workflow import Actor
from organizations.models import User
from submissions import permissions
from submissions.models import Submission


def locked(submission: Submission) -> Submission:
    """The row as it is now, held until the transaction ends; who comes second waits here."""
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=submission.pk)
    )


def move(
    submission: Submission,
    arrow_name: str,
    *,
    event: str,
    by: User | None,
    also_save: tuple[str, ...] = (),
    **data: Any,
) -> None:
    """Walk one arrow of a locked submission, save it and write the event.

    Raises ActionRefused where the arrow does not leave the present state, or is not this
    person's. `data` goes into the event: codes and ids only.
    """
    actors = {Actor.SYSTEM} if by is None else permissions.capacities(by, submission)
    before = submission.status
    submission.workflow.move(submission, arrow_name, by=by, actors=actors)
    submission.save(update_fields=["status", "status_at", "status_by", *also_save])
    audit.record(
        event,
        by=by,
        about=submission,
        before=before,
        after=submission.status,
        **data,
    )
