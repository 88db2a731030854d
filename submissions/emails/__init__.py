"""One function for each message about a submission; actions call them, views never do."""

from submissions.emails.clarification import (
    clarification_answered,
    clarification_asked,
    clarification_lapsed,
    clarification_reminder,
)
from submissions.emails.review import (
    Letter,
    cases_assigned,
    decision_letters,
    decision_published,
    mentioned,
    submission_received,
)

__all__ = [
    "Letter",
    "cases_assigned",
    "clarification_answered",
    "clarification_asked",
    "clarification_lapsed",
    "clarification_reminder",
    "decision_letters",
    "decision_published",
    "mentioned",
    "submission_received",
]
