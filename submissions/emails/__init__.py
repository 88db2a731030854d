"""One function for each message about a submission; actions call them, views never do."""

from submissions.emails.review import application_received, decision_published

__all__ = ["application_received", "decision_published"]
