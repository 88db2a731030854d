"""What the portal does about questions as time passes: remind twice, then let the case lapse."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from alliance import audit
from submissions import emails
from submissions.actions.moves import locked, move
from submissions.models import Clarification, Submission

# A day is over everywhere twelve hours after it is over in Greenwich.
_LAST_PLACE = timedelta(hours=12)


def remind_of_questions() -> int:
    """Remind everybody whose questions fall due soon; returns how many were. A sweep."""
    return sum(_remind(pk) for pk in _until(timezone.localdate() + Clarification.REMINDERS[0]))


def lapse_unanswered() -> int:
    """End every case whose questions nobody answered in time; returns how many. A sweep."""
    return sum(_lapse(pk) for pk in _until(_today_in_the_last_place() - timedelta(days=1)))


def _until(day: date) -> list[int]:
    due = Clarification.objects.open().filter(due_on__lte=day)
    return list(due.order_by("due_on").values_list("submission", flat=True))


def _today_in_the_last_place() -> date:
    return timezone.localdate(timezone.now() - _LAST_PLACE)


@transaction.atomic
def _remind(submission_id: int) -> bool:
    """Send one reminder, however many are due: after a standstill of ours nobody gets two."""
    submission, clarification = _open_round(submission_id)
    if clarification is None:
        return False
    today = timezone.localdate()
    due = sum(clarification.due_on - before <= today for before in Clarification.REMINDERS)
    if due <= clarification.reminders_sent:
        return False
    clarification.reminders_sent = due
    # A reminder that comes late moves the day: nobody lapses without having been reminded.
    clarification.due_on = max(clarification.due_on, today + Clarification.REMINDERS[-1])
    clarification.save(update_fields=["reminders_sent", "due_on"])
    audit.record(
        "submission.clarification_reminded",
        by=None,
        about=submission,
        clarification=clarification.pk,
    )
    emails.clarification_reminder(clarification)
    return True


@transaction.atomic
def _lapse(submission_id: int) -> bool:
    submission, clarification = _open_round(submission_id)
    if clarification is None:
        return False
    is_over = clarification.due_on < _today_in_the_last_place()
    if not is_over or clarification.reminders_sent < len(Clarification.REMINDERS):
        return False
    move(
        submission,
        "lapse",
        event="submission.lapsed",
        by=None,
        clarification=clarification.pk,
    )
    emails.clarification_lapsed(clarification)
    return True


def _open_round(submission_id: int) -> tuple[Submission, Clarification | None]:
    """Both as they are now, held; None where somebody was quicker than the sweep."""
    submission = locked(Submission(pk=submission_id))
    clarification = submission.clarifications.open().first()
    if clarification is not None:
        clarification.submission = submission
    return submission, clarification
