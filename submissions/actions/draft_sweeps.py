"""Drafts that nobody touches: one reminder, then notice; `submissions.retention` deletes them.

Each is a sweep: it looks for rows that are due, locks each, looks again, and may run twice at once.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from submissions.actions.moves import locked
from submissions.emails import drafts as emails
from submissions.models import Submission


def remind_of_drafts() -> int:
    """Remind, once for each draft, of what was left lying; returns how many."""
    before = timezone.now() - Submission.DRAFTS_REMINDED_AFTER
    left = Submission.objects.untouched_since(before).filter(reminded_at=None, warned_at=None)
    return sum(_remind(row) for row in left.order_by("pk"))


@transaction.atomic
def _remind(draft: Submission) -> bool:
    draft = locked(draft)
    before = timezone.now() - Submission.DRAFTS_REMINDED_AFTER
    if not draft.is_draft or draft.reminded_at is not None or draft.touched_last >= before:
        return False
    draft.reminded_at = timezone.now()
    draft.save(update_fields=["reminded_at"])
    emails.draft_waits(draft)
    return True


def warn_of_deletion() -> int:
    """Give notice of every draft that goes unless somebody saves it; returns how many."""
    old = Submission.objects.untouched_since(_warned_before())
    unwarned = old.filter(Q(warned_at=None) | Q(warned_at__lt=F("touched_at")))
    return sum(_warn(row) for row in unwarned.order_by("pk"))


@transaction.atomic
def _warn(draft: Submission) -> bool:
    draft = locked(draft)
    is_old = draft.is_draft and draft.touched_last < _warned_before()
    if not is_old or draft.draft_goes_on is not None:
        return False
    now = timezone.now()
    draft.warned_at = now
    draft.save(update_fields=["warned_at"])
    emails.draft_goes(draft, on=timezone.localdate(now + Submission.DRAFTS_NOTICE))
    return True


def _warned_before() -> datetime:
    """Drafts untouched since then are due for notice."""
    return timezone.now() - (Submission.DRAFTS_KEPT_FOR - Submission.DRAFTS_NOTICE)
