"""The rounds of questions about a submission, as its people read them."""

from dataclasses import dataclass

from alliance.text import Text
from submissions.models import Clarification, ClarificationItem, Submission
from submissions.questions import about


@dataclass(frozen=True)
class Asked:
    """One question, with what it is about in the words of the form."""

    title: Text
    item: ClarificationItem


@dataclass(frozen=True)
class Round:
    clarification: Clarification
    asked: list[Asked]

    @property
    def settled(self) -> int:
        return sum(row.item.is_settled for row in self.asked)


def rounds_of(submission: Submission) -> list[Round]:
    """All rounds, newest first; two queries, however many there are."""
    clarifications = submission.clarifications.select_related(
        "asked_by", "answered_by"
    ).prefetch_related("items__settled_by")
    return [
        Round(row, [Asked(about(submission.kind, item.field), item) for item in row.items.all()])
        for row in clarifications
    ]
