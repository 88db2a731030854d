"""Whose case it is: one reviewer's, or nobody's yet."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions import emails, permissions
from submissions.actions.moves import locked
from submissions.models import Submission


@transaction.atomic
def assign(submission: Submission, *, to: User | None, by: User) -> Submission:
    """Give the case to a reviewer, or to nobody; who gets it is told, unless they took it.

    Raises ActionRefused where the case is closed, is a colleague's and `by` is not senior, or
    where `to` may not review it. Nothing happens where it is theirs already.
    """
    submission = locked(submission)
    _check_may_assign(submission, by=by)
    # Roles are read anew: what the caller holds may be older than the lock.
    to = None if to is None else User.objects.get(pk=to.pk)
    if to is not None and not permissions.can_review(to, submission):
        raise ActionRefused(
            _("%(person)s may not review this case, so it cannot be theirs.") % {"person": to}
        )
    if to != submission.assignee:
        set_assignee(submission, to, by=by)
        if to is not None and to != by:
            emails.cases_assigned(to, [submission], by=by)
    return submission


def set_assignee(submission: Submission, to: User | None, *, by: User | None) -> None:
    """Write down whose a locked case is from now on, with its event."""
    before = submission.assignee_id
    submission.assignee = to
    submission.save(update_fields=["assignee"])
    audit.record(
        "submission.assigned",
        by=by,
        about=submission,
        internal=True,
        before=before,
        after=to.pk if to else None,
    )


def _check_may_assign(submission: Submission, *, by: User) -> None:
    if not permissions.can_review(by, submission):
        raise ActionRefused(_("Only reviewers of this case say whose it is."))
    if not submission.is_worked_on:
        raise ActionRefused(_("This case is closed: nobody has to work on it."))
    if not permissions.can_assign(by, submission):
        raise ActionRefused(
            _("It is now with %(person)s. Only they, or a senior reviewer, give it to somebody.")
            % {"person": submission.assignee}
        )
