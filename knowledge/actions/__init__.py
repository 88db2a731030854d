"""What may be done in the library. Each action locks its row, is atomic and leaves an event."""

from knowledge.actions.arrivals import Arrived, add_drafts, add_pdf_version
from knowledge.actions.moves import (
    embargo_report,
    publish_report,
    retire_report,
    withdraw_report,
)

__all__ = [
    "Arrived",
    "add_drafts",
    "add_pdf_version",
    "embargo_report",
    "publish_report",
    "retire_report",
    "withdraw_report",
]
