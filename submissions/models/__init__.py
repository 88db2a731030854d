from submissions.models.assignment_rule import AssignmentRule
from submissions.models.attachment import Attachment
from submissions.models.change import Change
from submissions.models.clarification import Clarification, ClarificationItem
from submissions.models.data_export import DataExport
from submissions.models.decision import Decision
from submissions.models.declaration import DeclarationAnswer, StatementAnswer
from submissions.models.draft_visit import DraftVisit
from submissions.models.kinds import DEMANDS_AND_OFFERS, Kind
from submissions.models.letter import LetterTemplate, LetterVersion
from submissions.models.list_export import ListExport
from submissions.models.mention import Mention
from submissions.models.note import Note
from submissions.models.public_entry import PublicChange, PublicEntry, PublicKind
from submissions.models.review_visit import ReviewVisit
from submissions.models.revision import Revision
from submissions.models.saved_view import SavedView
from submissions.models.submission import Submission

__all__ = [
    "DEMANDS_AND_OFFERS",
    "AssignmentRule",
    "Attachment",
    "Change",
    "Clarification",
    "ClarificationItem",
    "DataExport",
    "Decision",
    "DeclarationAnswer",
    "DraftVisit",
    "Kind",
    "LetterTemplate",
    "LetterVersion",
    "ListExport",
    "Mention",
    "Note",
    "PublicChange",
    "PublicEntry",
    "PublicKind",
    "ReviewVisit",
    "Revision",
    "SavedView",
    "StatementAnswer",
    "Submission",
]
