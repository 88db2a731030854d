"""Drafts: begun, saved by hand and by themselves, shared, copied, thrown away."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance import audit
from alliance.exceptions import ActionRefused
from alliance.files.staging import publish
from alliance.models import StagedUpload
from organizations.models import Organization, User
from submissions import permissions
from submissions.actions.attachments import discard_files
from submissions.actions.moves import locked
from submissions.models import DraftVisit, Kind, Submission
from submissions.typed import Typed, typed_of

# More drafts at once than any organization needs: whoever makes so many does it by a script.
MOST_DRAFTS = 50

_EDITORS_ONLY = _("Only owners and editors of an organization can write its drafts.")
_SENT_ALREADY = _("This has been sent already and can no longer be changed.")


class NewerVersionSaved(ActionRefused):
    """Somebody saved the draft since this person opened it; `current` is what stands now."""

    def __init__(self, current: Submission) -> None:
        super().__init__(
            _("A newer version of this was saved meanwhile. Please read it once more.")
        )
        self.current = current


@transaction.atomic
def start_draft(
    organization: Organization, kind: str, *, by: User, name: uuid.UUID | None = None
) -> Submission:
    """A new draft; of an Expression of Interest, the organization's open one if there is one.

    `name` is the uuid that the page was made with: saving from the same page again finds the
    draft that the first time began.
    """
    if not permissions.can_apply(by, organization):
        raise ActionRefused(_EDITORS_ONLY)
    # The organization's row is the lock: two first clicks at once make one draft.
    Organization.objects.locked().get(pk=organization.pk)
    own = Submission.objects.filter(organization=organization)
    if kind == Kind.EXPRESSION_OF_INTEREST:
        existing = own.applications().open().first()
        if existing is None and name and own.filter(uuid=name).exists():
            name = None  # of an application that was sent from this page, and has ended
    else:
        existing = own.filter(uuid=name, kind=kind).first() if name else None
    if existing is not None:
        return existing
    if own.drafts().count() >= MOST_DRAFTS:
        raise ActionRefused(_("Your organization has very many drafts. Please discard one first."))
    submission = Submission.objects.create(
        uuid=name or uuid.uuid4(),
        kind=kind,
        organization=organization,
        status_by=by,
        logo=organization.logo.name if kind == Kind.EXPRESSION_OF_INTEREST else "",
    )
    audit.record("submission.begun", by=by, about=submission)
    return submission


@transaction.atomic
def save_draft(
    submission: Submission,
    *,
    by: User,
    typed: Typed,
    version: int,
    logo: StagedUpload | None = None,
    remove_logo: bool = False,
) -> Submission:
    """Keep what was typed, valid or not. Raises NewerVersionSaved instead of overwriting.

    `version` is the draft's version that the page was made from; `logo` replaces the draft's.
    What is live can be written on too: its next version, until it is sent as a change.
    """
    submission = _writable(submission, by=by)
    is_unchanged = typed == submission.typed and logo is None and not remove_logo
    if is_unchanged and submission.saved_at is not None:
        return _still_wanted(submission, by=by)
    if version != submission.version:
        raise NewerVersionSaved(submission)
    submission.typed = typed
    if logo is not None:
        submission.logo = publish(logo)
    elif remove_logo:
        submission.logo = ""
    submission.note_saving(by)
    submission.save(update_fields=["typed", "logo", *Submission.SAVED])
    return submission


def _still_wanted(submission: Submission, *, by: User) -> Submission:
    """A second click, or a colleague who typed the same: nothing new.

    Once a day it counts all the same for a draft, as does a new document, since drafts that nobody
    saves are deleted.
    """
    is_old = submission.saved_at is None or timezone.now() - submission.saved_at >= timedelta(
        days=1
    )
    if submission.is_draft and is_old:
        submission.saved_at, submission.saved_by = timezone.now(), by
        submission.save(update_fields=["saved_at", "saved_by"])
    return submission


def note_documents(submission: Submission, *, by: User) -> None:
    """Tell when documents came or went; the version stays, since no answer has changed."""
    submission.saved_at, submission.saved_by = timezone.now(), by
    submission.save(update_fields=["saved_at", "saved_by"])


def _writable(submission: Submission, *, by: User) -> Submission:
    """The locked row, for somebody who may write on it."""
    submission = locked(submission)
    if not permissions.can_apply(by, submission.organization):
        raise ActionRefused(_EDITORS_ONLY)
    if not permissions.can_write(by, submission):
        raise ActionRefused(_SENT_ALREADY)
    return submission


@transaction.atomic
def discard_draft(submission: Submission, *, by: User) -> None:
    """Delete a draft for good, with its files."""
    submission = _writable(submission, by=by)
    if not submission.is_draft:
        raise ActionRefused(_SENT_ALREADY)
    audit.record(
        "submission.discarded",
        by=by,
        about=submission,
        draft=submission.uuid.hex,
        organization=submission.organization_id,
    )
    discard_files(submission)
    submission.delete()


@transaction.atomic
def copy_to_draft(submission: Submission, *, by: User) -> Submission:
    """A new draft that says what this one says, or what it said when it was sent last.

    Documents and declaration are not copied.
    """
    draft = start_draft(submission.organization, submission.kind, by=by)
    if draft.saved_at is not None or not draft.is_draft:
        raise ActionRefused(
            _("Your organization has an open Expression of Interest already. Finish it first.")
        )
    sent = submission.revisions.order_by("number").last()
    draft.typed = typed_of(sent.answers) if sent else submission.typed
    draft.logo = sent.logo_name if sent else submission.logo.name or ""
    draft.note_saving(by)
    draft.save(update_fields=["typed", "logo", *Submission.SAVED])
    return draft


def note_visit(submission: Submission, *, by: User) -> list[User]:
    """Tell that this person has the draft open; returns who else has it open now."""
    DraftVisit.objects.update_or_create(
        submission=submission, user=by, defaults={"seen_at": timezone.now()}
    )
    return submission.visits.beside(by)
