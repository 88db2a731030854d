"""The rounds of questions about a submission, as its people read them."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.prepared import Prepared
from alliance.text import Text
from submissions.models import Clarification, ClarificationItem, Submission
from submissions.questions import about

_of_submission = Prepared(
    lambda submission: Clarification.objects.filter(submission=submission).select_related(
        "asked_by", "answered_by"
    ),
    int,
)


@dataclass(frozen=True)
class Asked:
    """One question, with what it is about in the words of the form."""

    title: Text
    item: ClarificationItem


@dataclass(frozen=True)
class Round:
    """`number` counts from 1, the first that was asked."""

    number: int
    clarification: Clarification
    asked: list[Asked]

    @property
    def settled(self) -> int:
        return sum(row.item.is_settled for row in self.asked)

    @property
    def is_late(self) -> bool:
        return self.clarification.is_open and self.clarification.due_on < timezone.localdate()

    @property
    def reminders(self) -> str:
        """As in "1 of 2"."""
        sent, planned = self.clarification.reminders_sent, len(Clarification.REMINDERS)
        return _("%(sent)d of %(planned)d") % {"sent": sent, "planned": planned}


def rounds_of(submission: Submission) -> list[Round]:
    """All rounds, newest first; two queries, however many there are."""
    clarifications = _of_submission.all(submission.pk)
    for row in clarifications:
        row.submission = submission
    prefetch_related_objects(clarifications, "items__settled_by")
    return [
        Round(
            len(clarifications) - place,
            row,
            [Asked(about(submission.kind, item.field), item) for item in row.items.all()],
        )
        for place, row in enumerate(clarifications)
    ]
