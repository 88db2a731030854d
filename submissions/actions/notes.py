"""Words for colleagues beside a case; the applicant never sees them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions import emails, permissions
from submissions.models import Mention, Note, Submission


@transaction.atomic
def write_note(submission: Submission, *, by: User, text: str, tell: Iterable[User] = ()) -> Note:
    """Leave a word, and `tell` colleagues of it by mail and on their start page.

    Who answers has read what they were told before. Raises ActionRefused where one of the
    colleagues may not review this case: nobody is told then, and nothing is kept.
    """
    if not permissions.can_review(by, submission):
        raise ActionRefused(_("Only reviewers of this case write notes."))
    told = [person for person in tell if person.pk != by.pk]
    for person in told:
        if not permissions.can_review(person, submission):
            raise ActionRefused(
                _("%(person)s may not review this case, so a note cannot be for them.")
                % {"person": person}
            )
    read_mentions(submission, by=by)
    note = Note.objects.create(submission=submission, text=text, made_by=by)
    Mention.objects.bulk_create(Mention(note=note, user=person) for person in told)
    audit.record(
        "submission.note_written",
        by=by,
        about=submission,
        internal=True,
        note=note.pk,
        told=len(told),
    )
    for person in told:
        emails.mentioned(person, submission, by=by)
    return note


@transaction.atomic
def read_mentions(submission: Submission, *, by: User) -> int:
    """Mark what this person was told about the case as read; returns how many notes that were."""
    mine = Mention.objects.filter(note__submission=submission, user=by, read_at__isnull=True)
    return mine.update(read_at=timezone.now())
