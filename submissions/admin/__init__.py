"""The secretariat's workplace for submissions, within Django's own admin."""

from submissions.admin.letters import LetterTemplateAdmin
from submissions.admin.list_exports import ListExportAdmin
from submissions.admin.queue import SubmissionAdmin
from submissions.admin.rules import AssignmentRuleAdmin

__all__ = ["AssignmentRuleAdmin", "LetterTemplateAdmin", "ListExportAdmin", "SubmissionAdmin"]
