"""The library editors' pages: reports with their authors and editions, and the files that come in."""

from knowledge.admin.reports import ReportAdmin

__all__ = ["ReportAdmin"]
