"""One function for each message about a submission; actions call them, views never do."""

from submissions.emails.review import decision_published, submission_received

__all__ = [
    "decision_published",
    "submission_received",
]
