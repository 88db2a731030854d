from submissions.models.data_export import DataExport
from submissions.models.decision import Decision
from submissions.models.note import Note
from submissions.models.revision import DeclarationAnswer, Revision
from submissions.models.submission import Kind, Submission

__all__ = ["DataExport", "Decision", "DeclarationAnswer", "Kind", "Note", "Revision", "Submission"]
