"""Who looks at a case just now: a word for colleagues, so it leaves no event."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.exceptions import ActionRefused
from alliance.prepared import Prepared
from organizations.models import User
from submissions import permissions
from submissions.models import ReviewVisit, Submission

_visits_of = Prepared(
    lambda submission: ReviewVisit.objects.filter(submission=submission).select_related("user"),
    int,
)


@transaction.atomic
def note_review_visit(submission: Submission, *, by: User) -> list[ReviewVisit]:
    """Tell that this reviewer has the page open; returns the visits of others that go on now.

    Locks nothing: who looks must not wait for who decides. Written at most every
    `ReviewVisit.FRESH_FOR`, however often the page asks.
    """
    if not permissions.can_review(by, submission):
        raise ActionRefused(_("You are not allowed to do this."))
    visits = _visits_of.all(submission.pk)
    mine = next((visit for visit in visits if visit.user_id == by.pk), None)
    if mine is None:
        new = ReviewVisit(submission=submission, user=by)
        ReviewVisit.objects.bulk_create([new], ignore_conflicts=True)
    elif not mine.is_fresh:
        now = timezone.now()
        since = mine.since if mine.is_now else now
        ReviewVisit.objects.filter(pk=mine.pk).update(seen_at=now, since=since)
    return [visit for visit in visits if visit.user_id != by.pk and visit.is_now]
