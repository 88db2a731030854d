from knowledge.models.edition import Edition, EditionFile
from knowledge.models.page import Page
from knowledge.models.report import Report, ReportAuthor

__all__ = ["Edition", "EditionFile", "Page", "Report", "ReportAuthor"]
