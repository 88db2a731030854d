from knowledge.models.alert import Alert, Appearance
from knowledge.models.edition import Edition, EditionFile
from knowledge.models.harvest import HarvestRecord
from knowledge.models.index import IndexChange, IndexEntry, IndexPart, IndexWord
from knowledge.models.page import Page
from knowledge.models.report import Report, ReportAuthor
from knowledge.models.report_export import ReportExport
from knowledge.models.table_import import TableImport
from knowledge.models.usage import DownloadCount, RecentDownload

__all__ = [
    "Alert",
    "Appearance",
    "DownloadCount",
    "Edition",
    "EditionFile",
    "HarvestRecord",
    "IndexChange",
    "IndexEntry",
    "IndexPart",
    "IndexWord",
    "Page",
    "RecentDownload",
    "Report",
    "ReportAuthor",
    "ReportExport",
    "TableImport",
]
