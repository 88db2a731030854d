"""Changing what is published: a newer revision waits, and the shown one stays until it is accepted.

Until it is settled its organization can take it back, and what is not sent yet it can drop.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.reasons import check_reason
from organizations.models import User
from submissions import permissions
from submissions.actions.attachments import restore_files
from submissions.actions.drafts import NewerVersionSaved
from submissions.actions.moves import locked
from submissions.actions.submit import COLUMNS, check_files, fill_columns, freeze
from submissions.answers import Answers
from submissions.emails import publication as emails
from submissions.models import Change, Revision, Submission
from submissions.public.writing import follow
from submissions.typed import typed_of

TAKEN_BACK = _("The organization has taken this change back.")


@transaction.atomic
def send_change(
    submission: Submission,
    *,
    by: User,
    version: int,
    answers: Answers,
    documents: str | None = None,
) -> Change:
    """Send a newer version of what is live, checked; it takes the place of one that waits.

    Sending the one that waits already changes nothing, so a second click gets the first one's
    answer. `documents` is the stamp of those that were looked at, as for `submit`.
    """
    submission = _changeable(submission, by=by)
    waiting = Change.objects.waiting().filter(revision__submission=submission).first()
    if _says_the_same(_sent_last(submission), submission, answers):
        if waiting is not None:
            return waiting
        raise ActionRefused(_("Nothing differs from the version that you sent last."))
    if version != submission.version:
        raise NewerVersionSaved(submission)
    sent_along = check_files(submission, documents)
    if waiting is not None:
        _settle(waiting, Change.Outcome.REPLACED, by=by)
    number = submission.revisions.latest("number").number + 1
    revision = freeze(submission, answers, by=by, number=number, documents=sent_along)
    change = Change.objects.create(revision=revision)
    audit.record("submission.change_sent", by=by, about=submission, revision=revision.number)
    return change


def _says_the_same(sent_last: Revision, submission: Submission, answers: Answers) -> bool:
    sent = set(sent_last.attachments.values_list("pk", flat=True))
    present = set(submission.attachments.present().values_list("pk", flat=True))
    return bool(sent_last.answers == answers.values) and sent == present


def _sent_last(submission: Submission) -> Revision:
    """The newest version but those taken back; of what was never changed the shown one."""
    changes = Change.objects.standing().filter(revision__submission=submission)
    newest = changes.select_related("revision").first()
    return newest.revision if newest else _shown(submission)


def _shown(submission: Submission) -> Revision:
    assert submission.shown_revision is not None  # whatever is live is shown in some version
    return submission.shown_revision


@transaction.atomic
def take_back_change(submission: Submission, *, by: User) -> Submission:
    """Before it is settled: the change that waits is one that is not sent, to go on with or drop."""
    submission = _changeable(submission, by=by)
    waiting = Change.objects.waiting().filter(revision__submission=submission)
    change = waiting.select_related("revision").first()
    if change is None:
        raise ActionRefused(_("No change waits any more: the secretariat has settled it."))
    change.delete()
    submission.note_saving(by)
    submission.save(update_fields=Submission.SAVED)
    number = change.revision.number
    audit.record("submission.change_taken_back", by=by, about=submission, revision=number)
    return submission


@transaction.atomic
def drop_change(submission: Submission, *, by: User) -> Submission:
    """Forget what is not sent: the form says again what waits, or where nothing does, what is shown.

    Dropping where nothing is begun changes nothing.
    """
    submission = _changeable(submission, by=by)
    if not Submission.objects.with_unsent_change().filter(pk=submission.pk).exists():
        return submission
    waiting = Change.objects.waiting().filter(revision__submission=submission)
    change = waiting.select_related("revision").first()
    revision = change.revision if change else _shown(submission)
    submission.typed = typed_of(revision.answers)
    restore_files(submission, revision)
    submission.version += 1
    submission.saved_at = submission.saved_by = None
    submission.save(update_fields=["typed", *Submission.SAVED])
    audit.record("submission.change_dropped", by=by, about=submission, revision=revision.number)
    return submission


def _changeable(submission: Submission, *, by: User) -> Submission:
    """The locked row, for somebody who may change what it shows."""
    submission = locked(submission)
    if not permissions.can_apply(by, submission.organization):
        raise ActionRefused(_("Only owners and editors of an organization can change this."))
    if not permissions.can_change(by, submission):
        raise ActionRefused(
            _("Only what is published can be changed: it is now “%(state)s”.")
            % {"state": submission.state.public_label}
        )
    return submission


@transaction.atomic
def accept_change(change: Change, *, by: User) -> Change:
    """Show the newer version from now on; a senior reviewer's to do, as publishing is."""
    submission, change = _held(change, by=by)
    submission.shown_revision = change.revision
    fill_columns(submission, change.revision.answers)
    submission.save(update_fields=["shown_revision", *COLUMNS])
    _settle(change, Change.Outcome.ACCEPTED, by=by)
    follow(submission)
    _tell(change, "submission.change_accepted", by=by)
    return change


@transaction.atomic
def refuse_change(change: Change, *, by: User, words: str) -> Change:
    """Leave what is shown as it is, and say why to the organization."""
    _submission, change = _held(change, by=by)
    change.words = check_reason(words)
    _settle(change, Change.Outcome.REFUSED, by=by)
    _tell(change, "submission.change_refused", by=by)
    return change


def _tell(change: Change, event: str, *, by: User) -> None:
    revision = change.revision
    audit.record(event, by=by, about=revision.submission, revision=revision.number)
    emails.change_settled(change)


def _settle(change: Change, outcome: Change.Outcome, *, by: User) -> None:
    change.outcome = outcome
    change.settled_at = timezone.now()
    change.settled_by = by
    change.save(update_fields=["outcome", "words", "settled_at", "settled_by"])


def _held(change: Change, *, by: User) -> tuple[Submission, Change]:
    """The change that still waits, with its submission locked.

    Raises ActionRefused where it waits no more, saying who was quicker.
    """
    submission = locked(change.revision.submission)
    if not permissions.can_decide(by, submission):
        raise ActionRefused(_("Only a senior reviewer accepts or refuses a change."))
    found = Change.objects.select_related("revision", "settled_by").filter(pk=change.pk).first()
    if found is None:
        raise ActionRefused(TAKEN_BACK)
    change = found
    change.revision.submission = submission
    if change.outcome == Change.Outcome.REPLACED:
        raise ActionRefused(
            _("The organization has sent a newer version meanwhile. Read that one.")
        )
    if change.outcome != Change.Outcome.WAITING:
        raise ActionRefused(
            _("%(person)s was quicker: %(outcome)s.")
            % {
                "person": change.settled_by or _("Somebody"),
                "outcome": change.get_outcome_display(),
            }
        )
    if not submission.is_live:
        raise ActionRefused(
            _("This is no longer possible: it is now “%(state)s”.")
            % {"state": submission.state.label}
        )
    return submission, change
