"""Tables to take along: CSV (RFC 4180, UTF-8 with a mark for Excel) and XLSX, row by row.

What is written grows on disk, not in memory: 100,000 rows take as much of it as ten.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import IO, Any, Protocol

from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter import Workbook

Cell = str | int | float | date

# Signs that make a cell a formula, also in the widths and forms that spreadsheets take for them.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫", "−", "|", "%")
_WIDEST = 60  # characters that a column of the XLSX shows at most
# What Excel opens at most, the heading included.
MOST_XLSX_ROWS = 1_048_576


class Format(models.TextChoices):
    XLSX = "xlsx", gettext_lazy("Excel (XLSX)")
    CSV = "csv", gettext_lazy("CSV")

    @property
    def content_type(self) -> str:
        return {
            Format.CSV: "text/csv; charset=utf-8",
            Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }[self]


class Sheet(Protocol):
    """A table that is being written; complete once it is closed."""

    def row(self, cells: Iterable[Any]) -> None: ...

    def close(self) -> None: ...


def harmless(text: str) -> str:
    """A quote before what a spreadsheet would run: names and answers may begin with any sign.

    Blanks and tabs before the sign count for nothing there, so they do not here.
    """
    is_formula = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if is_formula else text


def cell(value: Any) -> Cell:
    """Any value as a table shows it: numbers and days as such, markup as its text."""
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return timezone.localtime(value) if timezone.is_aware(value) else value
        case date() | int() | float():
            return value
        case Decimal():
            return float(value)
        case SafeString():
            return harmless(unescape(strip_tags(value.replace("<br>", ", "))))
        case list() | tuple() | set():
            return harmless("; ".join(map(str, value)))
        case _:
            return harmless(str(value))


class CsvSheet:
    def __init__(self, file: IO[bytes], heading: Iterable[Any]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=False)
        self._writer = csv.writer(self._text)
        self.row(heading)

    def row(self, cells: Iterable[Any]) -> None:
        self._writer.writerow([_as_text(cell(value)) for value in cells])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


def _as_text(value: Cell) -> str:
    """Numbers and days in the way that every program reads."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


class XlsxSheet:
    def __init__(self, file: IO[bytes], heading: Iterable[Any]) -> None:
        # Nothing typed becomes a formula, a link or a number: cells are written by their type.
        self._book = Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet = self._book.add_worksheet()
        self._next = 0
        titles = [str(title) for title in heading]
        for column, title in enumerate(titles):
            self._sheet.set_column(column, column, min(max(len(title) + 2, 16), _WIDEST))
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for column, title in enumerate(titles):
            self._sheet.write_string(0, column, harmless(title), bold)
        self._next = 1

    def row(self, cells: Iterable[Any]) -> None:
        for column, value in enumerate(cells):
            self._write(column, cell(value))
        self._next += 1

    def _write(self, column: int, value: Cell) -> None:
        if isinstance(value, datetime):
            naive = value.replace(tzinfo=None)  # a spreadsheet knows no time zones
            self._sheet.write_datetime(self._next, column, naive, self._moment)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._next, column, value, self._day)
        elif isinstance(value, str):
            self._sheet.write_string(self._next, column, value)
        else:
            self._sheet.write_number(self._next, column, value)

    def close(self) -> None:
        self._book.close()


def open_sheet(file_format: str, file: IO[bytes], heading: Iterable[Any]) -> Sheet:
    """Begin a table in `file`, which stays open when the table is closed."""
    return (XlsxSheet if file_format == Format.XLSX else CsvSheet)(file, heading)
