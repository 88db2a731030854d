"""The secretariat's steps: review, decision, publication."""

import json
from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.models import Term
from alliance.reasons import check_reason
from organizations.actions.listing import take_declared_listing
from organizations.due_diligence.rules import is_cleared
from organizations.models import User
from submissions import emails, permissions
from submissions.actions.moves import locked, move, moved_on
from submissions.actions.publication import expires_from
from submissions.emails import Letter
from submissions.letters import CONDITION_PLACE
from submissions.models import Decision, Note, Submission
from submissions.models.declaration import LISTING
from submissions.workflow import NEEDS_CLEARANCE

_APPROVALS = (Decision.Outcome.APPROVE, Decision.Outcome.APPROVE_WITH_CONDITIONS)


@transaction.atomic
def start_review(submission: Submission, *, by: User) -> Submission:
    """Take a received submission into eligibility screening; nobody's becomes the reviewer's."""
    submission = locked(submission)
    if submission.assignee_id is None:
        submission.assignee = by
    move(
        submission,
        "start_review",
        event="submission.review_started",
        by=by,
        also_save=("assignee",),
    )
    return submission


@transaction.atomic
def confirm_eligibility(submission: Submission, *, by: User) -> Submission:
    submission = locked(submission)
    move(submission, "confirm_eligibility", event="submission.eligibility_confirmed", by=by)
    return submission


@transaction.atomic
def put_for_decision(submission: Submission, *, by: User) -> Submission:
    submission = locked(submission)
    move(submission, "put_for_decision", event="submission.put_for_decision", by=by)
    return submission


@transaction.atomic
def decide(
    submission: Submission,
    *,
    by: User,
    outcome: str,
    reason: Term,
    explanation: str,
    letter: str,
) -> Decision:
    """Record a decision with its letter; the applicant learns of it when it is published.

    Raises ActionRefused unless the outcome is possible now, nothing else is pending, and, to
    approve or publish, the organization is cleared.
    """
    submission = locked(submission)
    _check_may_decide(submission, outcome, by=by)
    _check_nothing_pends(submission)
    explanation = check_reason(explanation)
    decision = Decision.objects.create(
        submission=submission,
        revision=submission.revisions.latest("number"),
        outcome=outcome,
        reason=reason,
        explanation=explanation,
        letter=letter,
        made_by=by,
    )
    audit.record(
        "submission.decided",
        by=by,
        about=submission,
        internal=True,
        decision=decision.pk,
        outcome=outcome,
        reason=reason.code,
    )
    return decision


@transaction.atomic
def edit_letter(decision: Decision, *, by: User, letter: str) -> Decision:
    submission = locked(decision.submission)
    decision = _pending(decision)
    if not permissions.can_decide(by, submission):
        raise ActionRefused(_("Only a senior reviewer edits the letter of a decision."))
    decision.letter = letter
    decision.save(update_fields=["letter"])
    audit.record(
        "submission.letter_edited", by=by, about=submission, internal=True, decision=decision.pk
    )
    return decision


@transaction.atomic
def publish_decision(decision: Decision, *, by: User, read: str | None = None) -> Decision:
    """Make a pending decision count: status, event and letter, all or nothing.

    `read` is the `mark_of_letters` of what `by` has read: the letters go out as they were read,
    to the people who were named there, or not at all.
    """
    submission = locked(decision.submission)
    decision = _pending(decision)
    _check_may_decide(submission, decision.outcome, by=by)
    _check_letter(decision)
    decision.submission = submission
    if read is not None and read != mark_of_letters(emails.decision_letters(decision)):
        raise ActionRefused(
            _("The letter, or who gets it, has changed since you read it. Read it once more.")
        )
    if decision.revision != submission.revisions.latest("number"):
        raise ActionRefused(
            _("The applicant has changed the answers since this was decided. Decide again.")
        )
    decision.published_at = timezone.now()
    decision.published_by = by
    decision.save(update_fields=["published_at", "published_by"])
    if decision.outcome in _APPROVALS:
        _take_declared_listing(decision, submission)
    move(
        submission,
        decision.outcome,
        event="submission.decision_published",
        by=by,
        also_save=_show(submission, decision) if decision.outcome == "publish" else (),
        decision=decision.pk,
    )
    emails.decision_published(decision)
    return decision


def _take_declared_listing(decision: Decision, submission: Submission) -> None:
    """With the approval counts what the declaration said about the public directory."""
    revision = decision.revision
    if revision.declared_at is not None:
        take_declared_listing(
            submission.organization,
            by=revision.declared_by,
            agrees=any(row.is_given(LISTING) for row in revision.statements),
            at=revision.declared_at,
        )


def mark_of_letters(letters: Iterable[Letter]) -> str:
    """32 hexadecimal digits that are others as soon as a word or a reader is another."""
    said = [
        [letter.person.pk, letter.person.email, letter.subject, letter.text] for letter in letters
    ]
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


def _show(submission: Submission, decision: Decision) -> tuple[str, ...]:
    """Put on the board what was decided on; returns the names of the columns that say so."""
    submission.shown_revision = decision.revision
    submission.published_at = decision.published_at
    submission.expires_on = expires_from(timezone.localdate())
    submission.renewal_offered_at = None
    return ("shown_revision", "published_at", "expires_on", "renewal_offered_at")


def _check_letter(decision: Decision) -> None:
    """The drafted letter of a conditional approval has a place for the conditions: fill it."""
    lines = decision.letter.splitlines()
    if any(line.strip() == CONDITION_PLACE for line in lines):
        raise ActionRefused(_("Write the conditions into the letter first, after the “-”."))


@transaction.atomic
def drop_decision(decision: Decision, *, by: User) -> Decision:
    """Take a pending decision back before anybody outside has seen it; it stays on record."""
    submission = locked(decision.submission)
    decision = _pending(decision)
    if not permissions.can_decide(by, submission):
        raise ActionRefused(_("Only a senior reviewer drops a decision."))
    decision.dropped_at = timezone.now()
    decision.dropped_by = by
    decision.save(update_fields=["dropped_at", "dropped_by"])
    audit.record(
        "submission.decision_dropped", by=by, about=submission, internal=True, decision=decision.pk
    )
    return decision


@transaction.atomic
def reopen(submission: Submission, *, by: User, reason: str) -> Submission:
    """Take a closed submission up again; the reason is kept and shown to staff."""
    submission = locked(submission)
    reason = check_reason(reason)
    others = Submission.objects.applications().open().filter(organization=submission.organization)
    if submission.is_application and others.exclude(pk=submission.pk).exists():
        raise ActionRefused(
            _("This organization has sent a newer Expression of Interest, which is still open.")
        )
    note = Note.objects.create(submission=submission, text=reason, made_by=by)
    move(submission, "reopen", event="submission.reopened", by=by, note=note.pk)
    return submission


def _pending(decision: Decision) -> Decision:
    """The decision as it is now; the submission's lock orders everybody who asks."""
    decision = Decision.objects.select_related("submission").get(pk=decision.pk)
    if decision.published_at is not None:
        raise ActionRefused(
            _("%(person)s has published this decision already.")
            % {"person": decision.published_by or _("Somebody")}
        )
    if decision.dropped_at is not None:
        raise ActionRefused(
            _("%(person)s has dropped this decision.")
            % {"person": decision.dropped_by or _("Somebody")}
        )
    return decision


def _check_nothing_pends(submission: Submission) -> None:
    pending = submission.decisions.pending().select_related("made_by").first()
    if pending is not None:
        raise ActionRefused(
            _("%(person)s has decided already: “%(outcome)s”. Publish or drop that one first.")
            % {
                "person": pending.made_by or _("Somebody"),
                "outcome": pending.get_outcome_display(),
            }
        )


def _check_may_decide(submission: Submission, outcome: str, *, by: User) -> None:
    if not permissions.can_decide(by, submission):
        raise ActionRefused(_("Only a senior reviewer decides."))
    if submission.workflow.find(outcome, submission.status) is None:
        raise moved_on(submission, for_staff=True)
    if submission.is_arriving:
        # Whom it names is not on the list of names to be screened yet.
        raise ActionRefused(_("This has only just arrived. Please try again in a minute."))
    if outcome in NEEDS_CLEARANCE and not is_cleared(submission.organization):
        raise ActionRefused(
            _("The due diligence of this organization is not finished: clear it first.")
        )
