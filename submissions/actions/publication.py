"""The life of a published Demand or Offer: paused, shown again, renewed, ended.

Members end and pause what is theirs. The secretariat may pause and close, with words that go to
the organization; what it paused, it alone shows again. What the portal does by itself is in
`publication_sweeps`.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.dates import months_after
from alliance.exceptions import ActionRefused
from alliance.reasons import check_reason
from organizations.due_diligence.rules import is_cleared
from organizations.models import User
from organizations.permissions import belongs_to
from submissions import permissions
from submissions.actions.moves import locked, move
from submissions.emails import publication as emails
from submissions.models import Note, Submission

NOT_CLEARED = _(
    "The due diligence of this organization is not in force now, so nothing of it can be shown."
)


def expires_from(day: date) -> date:
    """The last day of what is published, or renewed, on that day."""
    return months_after(day, Submission.PUBLISHED_MONTHS)


@transaction.atomic
def pause(submission: Submission, *, by: User, words: str = "") -> Submission:
    """Take it off the board for a while. `words` to the organization are the secretariat's."""
    submission = locked(submission)
    submission.is_paused_by_secretariat = not belongs_to(by, submission.organization)
    move(submission, "pause", event="submission.paused", by=by)
    _tell(submission, by=by, words=words)
    return submission


@transaction.atomic
def resume(submission: Submission, *, by: User, words: str = "") -> Submission:
    """Show it again. Refused without a clearance, and to members of what the secretariat paused."""
    submission = locked(submission)
    check_cleared(submission)
    is_ours = belongs_to(by, submission.organization)
    if is_ours and submission.is_paused_by_secretariat:
        raise ActionRefused(_("The secretariat has paused this. Please write to it first."))
    move(submission, "resume", event="submission.resumed", by=by)
    _tell(submission, by=by, words=words)
    return submission


@transaction.atomic
def renew(submission: Submission, *, by: User) -> Submission:
    """Publish it for another `Submission.PUBLISHED_MONTHS` from today.

    What does not end soon stays as it is, so that a second click gets the first one's answer.
    """
    submission = locked(submission)
    if not permissions.can_apply(by, submission.organization):
        raise ActionRefused(_("Only owners and editors of an organization can renew."))
    if submission.is_published and not submission.is_ending:
        return submission
    check_cleared(submission)
    submission.expires_on = until = expires_from(timezone.localdate())
    submission.renewal_offered_at = None
    move(
        submission,
        "renew",
        event="submission.renewed",
        by=by,
        also_save=("expires_on", "renewal_offered_at"),
        until=until.isoformat(),
    )
    return submission


@transaction.atomic
def fulfil(submission: Submission, *, by: User) -> Submission:
    """What was asked for is found, or what was offered is given: it leaves the board for good."""
    submission = locked(submission)
    move(submission, "fulfil", event="submission.fulfilled", by=by)
    return submission


@transaction.atomic
def close(submission: Submission, *, by: User, words: str = "") -> Submission:
    """Take it off the board for good. `words` to the organization are the secretariat's."""
    submission = locked(submission)
    move(submission, "close", event="submission.closed", by=by)
    _tell(submission, by=by, words=words)
    return submission


def check_cleared(submission: Submission) -> None:
    """Refuse where the organization is not cleared; a suspension meanwhile waits for its lock."""
    if not is_cleared(submission.organization):
        raise ActionRefused(NOT_CLEARED)


def _tell(submission: Submission, *, by: User, words: str) -> None:
    """What somebody of the secretariat did, and why, goes to the organization and into the file."""
    if belongs_to(by, submission.organization):
        return
    words = check_reason(words)
    Note.objects.create(submission=submission, text=words, made_by=by)
    emails.publication_changed(submission, words=words)
