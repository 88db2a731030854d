"""The documents of a draft: added, and taken away again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.files import staging
from alliance.files.keeping import keep_privately, throw_away
from alliance.models import StagedUpload
from organizations.models import User
from submissions import permissions
from submissions.actions.moves import locked
from submissions.models import Attachment, Revision, Submission


@transaction.atomic
def add_attachments(
    submission: Submission, uploads: Iterable[StagedUpload], *, by: User
) -> list[Attachment]:
    """Keep documents that have been checked; the same bytes are kept once."""
    submission = _open_for_files(submission, by=by)
    present = set(submission.attachments.present().values_list("sha256", flat=True))
    added = []
    for upload in uploads:
        if upload.sha256 in present:
            staging.discard(upload)
            continue
        if len(present) >= Attachment.MOST:
            raise ActionRefused(
                _("There can be %(most)d documents. Please remove one first.")
                % {"most": Attachment.MOST}
            )
        added.append(keep_privately(Attachment, upload, by=by, submission=submission))
        present.add(upload.sha256)
    if added:
        _note_change(submission, by=by)
    return added


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User) -> None:
    """Take a document out of the form; one that was sent once stays with what it was sent with."""
    submission = _open_for_files(attachment.submission, by=by)
    _take_away(attachment)
    _note_change(submission, by=by)


def _note_change(submission: Submission, *, by: User) -> None:
    """What is changed in its documents alone is saved, and not sent, all the same."""
    submission.saved_at, submission.saved_by = timezone.now(), by
    submission.save(update_fields=["saved_at", "saved_by"])


def discard_files(submission: Submission) -> None:
    """Delete the documents of a draft that is about to go."""
    for attachment in submission.attachments.all():
        throw_away(attachment)


def restore_files(submission: Submission, revision: Revision) -> None:
    """Have the form show the documents of a revision again, and no others."""
    sent = revision.attachments.all()
    for attachment in submission.attachments.present().exclude(pk__in=sent):
        _take_away(attachment)
    sent.filter(removed_at__isnull=False).update(removed_at=None)


def _take_away(attachment: Attachment) -> None:
    if attachment.revisions.exists():
        attachment.removed_at = timezone.now()
        attachment.save(update_fields=["removed_at"])
    else:
        throw_away(attachment)


def _open_for_files(submission: Submission, *, by: User) -> Submission:
    """The locked row, where this person may change its documents now."""
    submission = locked(submission)
    if not permissions.can_attach(by, submission):
        raise ActionRefused(_("The documents of this can no longer be changed."))
    return submission
