"""Tables to take along: steady memory, and cells that every program reads alike."""

import csv
import io
import tempfile
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from alliance.spreadsheets import cell, harmless, open_sheet


def peak(file_format: str, rows: int) -> int:
    """Bytes of memory that a table of so many rows takes at most."""
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        sheet = open_sheet(file_format, file, ["Reference", "Name", "Days"])
        for number in range(rows):
            sheet.row([f"EOI-2026-{number:06d}", f"Institute number {number}", number])
        sheet.close()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(file_format: str) -> None:
    few = peak(file_format, 1_000)
    assert peak(file_format, 10_000) < 1.2 * few + 100_000


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "Yes"),
        (7, 7),
        (Decimal("2.5"), 2.5),
        (["sdg-01", "sdg-13"], "sdg-01; sdg-13"),
        (date(2026, 3, 1), date(2026, 3, 1)),
        (format_html("{}<br><b>{}</b>", "A & B", "1 < 2"), "A & B, 1 < 2"),
        (SafeString("<i>=1+1</i>"), "'=1+1"),
    ],
)
def test_values_become_cells(value: object, shown: object) -> None:
    assert cell(value) == shown


def test_what_is_no_formula_stays_as_it_is() -> None:
    for text in ("", "Malawi", "1-2", "a=b", "(+265) 1", "«Институт»"):
        assert harmless(text) == text


def test_moments_are_written_in_a_way_that_sorts() -> None:
    file = io.BytesIO()
    sheet = open_sheet("csv", file, ["At", "On"])
    sheet.row([datetime(2026, 3, 1, 9, 5, tzinfo=UTC), date(2026, 3, 1)])
    sheet.close()
    lines = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert lines[1] == ["2026-03-01 09:05:00+00:00", "2026-03-01"]
