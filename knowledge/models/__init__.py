from knowledge.models.edition import Edition, EditionFile
from knowledge.models.report import Report, ReportAuthor

__all__ = ["Edition", "EditionFile", "Report", "ReportAuthor"]
