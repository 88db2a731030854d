"""Questions to the applicant: asked, answered field by field, sent back, settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.staging import publish
from alliance.models import StagedUpload
from organizations.models import User
from submissions import emails, permissions
from submissions.actions.arrival import tell_due_diligence
from submissions.actions.drafts import NewerVersionSaved
from submissions.actions.moves import locked, move, moved_on
from submissions.actions.submit import COLUMNS, check_files, declared, fill_columns
from submissions.answers import Answers
from submissions.models import (
    Clarification,
    ClarificationItem,
    Revision,
    Submission,
)
from submissions.typed import Typed
from submissions.workflow import ANSWER_PREFIX, CLARIFICATION_REQUESTED

# Days to answer: enough for both reminders, and not so many that a case is forgotten.
FEWEST_DAYS = 7
MOST_DAYS = 90
MOST_QUESTIONS = 30


@dataclass(frozen=True)
class Question:
    """What is asked, and about which field of the form; about the whole where `field` is empty."""

    text: str
    field: str = ""


@transaction.atomic
def ask(
    submission: Submission, *, by: User, questions: Sequence[Question], due_on: date
) -> Clarification:
    """Send questions to the applicant, to be answered until the end of a day, and wait for them.

    The submission goes on from where it stands now once they are answered.
    """
    submission = locked(submission)
    if not permissions.can_review(by, submission):
        raise ActionRefused(_("You are not allowed to do this."))
    if not permissions.can_ask(by, submission):
        raise moved_on(submission, for_staff=True)
    _check_questions(questions, due_on)
    if submission.decisions.pending().exists():
        raise ActionRefused(_("A decision is pending. Publish or drop it first."))
    clarification = Clarification.objects.create(submission=submission, due_on=due_on, asked_by=by)
    ClarificationItem.objects.bulk_create(
        ClarificationItem(
            clarification=clarification,
            position=position,
            field=question.field,
            question=question.text,
        )
        for position, question in enumerate(questions, start=1)
    )
    submission.return_to = submission.status
    submission.assignee = submission.assignee or by
    move(
        submission,
        "request_clarification",
        event="submission.clarification_requested",
        by=by,
        also_save=("return_to", "assignee"),
        clarification=clarification.pk,
        questions=len(questions),
    )
    clarification.submission = submission
    emails.clarification_asked(clarification)
    return clarification


def _check_questions(questions: Sequence[Question], due_on: date) -> None:
    if not questions:
        raise ActionRefused(_("Ask at least one question."))
    if len(questions) > MOST_QUESTIONS:
        raise ActionRefused(_("These are too many questions for one round."))
    days = (due_on - timezone.localdate()).days
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise ActionRefused(
            _("Give them between %(fewest)d and %(most)d days.")
            % {"fewest": FEWEST_DAYS, "most": MOST_DAYS}
        )


@transaction.atomic
def save_answers(
    submission: Submission,
    *,
    by: User,
    version: int,
    answers: Mapping[int, str],
    typed: Typed,
    logo: StagedUpload | None = None,
    remove_logo: bool = False,
) -> Submission:
    """Keep answers that are not sent yet, and what was typed into the fields that are open.

    `answers` maps numbers of items to texts. `typed` holds only fields that the questions name;
    the form sees to that. `version` is the submission's version that the page was made from:
    NewerVersionSaved instead of overwriting what a colleague has saved since.
    """
    submission, clarification = _answerable(submission, by=by)
    items = list(clarification.items.all())
    changed = [item for item in items if item.pk in answers and answers[item.pk] != item.answer]
    merged = {**submission.typed, **typed}
    if not changed and merged == submission.typed and logo is None and not remove_logo:
        return submission
    if version != submission.version:
        raise NewerVersionSaved(submission)
    for item in changed:
        item.answer = answers[item.pk]
    ClarificationItem.objects.bulk_update(changed, ["answer"])
    submission.typed = merged
    if logo is not None:
        submission.logo = publish(logo)
    elif remove_logo:
        submission.logo = ""
    submission.note_saving(by)
    submission.save(update_fields=["typed", "logo", *Submission.SAVED])
    return submission


@transaction.atomic
def send_back(submission: Submission, *, by: User, version: int, answers: Answers) -> Submission:
    """Hand the answers in: a new revision with what changed, and the review goes on.

    `answers` are those to the open fields alone, checked; all others stay as they were sent.
    """
    submission, clarification = _answerable(submission, by=by)
    if version != submission.version:
        raise NewerVersionSaved(submission)
    items = list(clarification.items.all())
    if any(not item.answer.strip() and not item.is_settled for item in items):
        raise ActionRefused(_("Answer every question first."))
    if any(item.field == "attachments" and not item.is_settled for item in items):
        check_files(submission)  # elsewhere they cannot be removed now, and stay as they were sent
    clarification.answered_at, clarification.answered_by = timezone.now(), by
    clarification.save(update_fields=["answered_at", "answered_by"])
    submission.note_saving(by)  # before the revision: what is saved after it counts as not sent
    revision = _revise(submission, answers, fields={item.field for item in items}, by=by)
    fill_columns(submission, revision.answers)
    arrow = f"{ANSWER_PREFIX}{submission.return_to}"
    submission.return_to = ""
    move(
        submission,
        arrow,
        event="submission.clarification_answered",
        by=by,
        also_save=("return_to", *Submission.SAVED, *COLUMNS),
        clarification=clarification.pk,
        revision=revision.number,
    )
    if submission.is_application:
        tell_due_diligence(submission, revision.answers)
    clarification.submission = submission
    emails.clarification_answered(clarification)
    return submission


def _answerable(submission: Submission, *, by: User) -> tuple[Submission, Clarification]:
    """Both as they are now, held, for somebody who may answer."""
    submission = locked(submission)
    if not permissions.can_apply(by, submission.organization):
        raise ActionRefused(_("Only owners and editors of an organization can answer for it."))
    if submission.status != CLARIFICATION_REQUESTED:
        raise moved_on(submission)
    return submission, submission.clarifications.open().get()


def _revise(submission: Submission, answers: Answers, *, fields: set[str], by: User) -> Revision:
    """The next revision: the last one with what was open for changes replaced."""
    last = submission.revisions.latest("number")
    revision = Revision.objects.create(
        submission=submission,
        number=last.number + 1,
        answers={**last.answers, **answers.values},
        **_declaration(last, answers, by=by),
        logo_name=(submission.logo.name or "") if "logo" in fields else last.logo_name,
        language=answers.language,
        made_by=by,
    )
    attachments = (
        submission.attachments.present() if "attachments" in fields else last.attachments.all()
    )
    revision.attachments.set(attachments)
    return revision


def _declaration(last: Revision, answers: Answers, *, by: User) -> dict[str, Any]:
    """The declaration as given now where it was open; else as it was given, by whom and when."""
    return declared(answers, by=by) or {
        "declaration": last.declaration,
        "declared_at": last.declared_at,
        "declared_by_id": last.declared_by_id,
    }


@transaction.atomic
def settle(item: ClarificationItem, *, by: User) -> ClarificationItem:
    """Mark a question as settled; while the round is open it needs no answer any more."""
    submission, item = _for_review(item, by=by)
    if not item.is_settled:
        item.settled_at, item.settled_by = timezone.now(), by
        item.save(update_fields=["settled_at", "settled_by"])
        _record(submission, "submission.question_settled", item, by=by)
    return item


@transaction.atomic
def unsettle(item: ClarificationItem, *, by: User) -> ClarificationItem:
    """Take the mark off again."""
    submission, item = _for_review(item, by=by)
    if item.is_settled:
        item.settled_at = item.settled_by = None
        item.save(update_fields=["settled_at", "settled_by"])
        _record(submission, "submission.question_unsettled", item, by=by)
    return item


def _for_review(item: ClarificationItem, *, by: User) -> tuple[Submission, ClarificationItem]:
    submission = locked(item.clarification.submission)
    if not permissions.can_review(by, submission):
        raise ActionRefused(_("Only reviewers of this case settle its questions."))
    return submission, ClarificationItem.objects.get(pk=item.pk)


def _record(submission: Submission, name: str, item: ClarificationItem, *, by: User) -> None:
    audit.record(name, by=by, about=submission, internal=True, item=item.pk)
