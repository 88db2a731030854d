"""The secretariat's workplace for submissions, within Django's own admin."""

from submissions.admin.queue import SubmissionAdmin

__all__ = ["SubmissionAdmin"]
