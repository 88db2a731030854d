"""What the portal does about questions of due diligence as time passes: it reminds twice."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from organizations.actions.due_diligence_moves import lock, record
from organizations.emails import due_diligence as emails
from organizations.models import DueDiligenceQuestion


def remind_of_questions() -> int:
    """Remind everybody whose question falls due soon; returns how many were. A sweep."""
    until = timezone.localdate() + DueDiligenceQuestion.REMINDERS[0]
    due = DueDiligenceQuestion.objects.open().filter(
        due_on__lte=until, reminders_sent__lt=len(DueDiligenceQuestion.REMINDERS)
    )
    found = due.select_related("cycle__organization").order_by("due_on", "pk")
    return sum(_remind(question) for question in found)


@transaction.atomic
def _remind(question: DueDiligenceQuestion) -> bool:
    """Send one reminder, however many are due: after a standstill of ours nobody gets two."""
    lock(question.cycle.organization)
    now = DueDiligenceQuestion.objects.open().select_related("cycle__organization")
    held = now.filter(pk=question.pk).first()
    if held is None:  # answered while the sweep was on its way
        return False
    today = timezone.localdate()
    due = sum(held.due_on - before <= today for before in DueDiligenceQuestion.REMINDERS)
    if due <= held.reminders_sent:
        return False
    held.reminders_sent = due
    # A reminder that comes late moves the day: nobody is late without having been reminded.
    held.due_on = max(held.due_on, today + timedelta(days=1))
    held.save(update_fields=["reminders_sent", "due_on"])
    record("due_diligence.question_reminded", held.cycle, by=None, question=held.pk)
    emails.question_reminder(held)
    return True
