"""A table as programs save it: with comma, semicolon or tab; in UTF-8, UTF-16 or Latin-1.

Bounded: what is larger than a library's table can be is refused before it is read.
"""

import csv
import io
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alliance.files.sizes import MB
from knowledge.exchange.cells import one_way, restored
from knowledge.exchange.columns import is_column, suggestion
from knowledge.exchange.problems import Problem, Wrong

MOST_BYTES = 100 * MB
MOST_ROWS = 20_000
MOST_PROBLEMS = 500
_LONGEST_CELL = 5 * MB
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Row:
    """One line of the table; only columns that it has, with what stands in them."""

    line: int
    cells: dict[str, str]


def read_table(content: bytes) -> list[Row]:
    """The rows below the heading, without empty ones. Raises Wrong."""
    if len(content) > MOST_BYTES:
        raise Wrong([Problem(1, "", _("This table is larger than 100 MB."))])
    text = _decoded(content)
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda sign: _known_in(first, sign))
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    heading: list[str] = []
    rows: list[Row] = []
    line = 0
    try:
        for line, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not heading:
                heading = _heading(cells, line)
            else:
                rows.append(_row(heading, cells, line))
            if len(rows) > MOST_ROWS:
                raise Wrong([Problem(line, "", _("At most 20,000 rows at once."))])
    except csv.Error as error:
        raise Wrong([Problem(line + 1, "", _("This cannot be read: %s.") % error)]) from None
    if not heading:
        raise Wrong([Problem(1, "", _("The table is empty."))])
    return rows


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            # What older programs write in western Europe; the few signs that it lacks are dropped.
            text = content.decode("cp1252", errors="ignore")
    # Some programs say first how they part the cells; the heading tells it as well.
    return re.sub(r"\Asep=.[\r\n]+", "", text.replace("\0", ""))


def _known_in(heading: str, delimiter: str) -> int:
    return sum(is_column(_name(cell)) for cell in heading.split(delimiter))


def _name(cell: str) -> str:
    return cell.strip().strip('"').strip().casefold().replace(" ", "_")


def _heading(cells: list[str], line: int) -> list[str]:
    names = [_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    problems = []
    for name in names:
        if not is_column(name):
            near = suggestion(name)
            hint = _(" Did you mean “%s”?") % near if near else ""
            problems.append(Problem(line, name[:60], _("There is no such column.") + hint))
    problems += [
        Problem(line, name, _("This column is there twice."))
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise Wrong(problems[:MOST_PROBLEMS])
    return names


def _row(heading: list[str], cells: list[str], line: int) -> Row:
    if any(cell.strip() for cell in cells[len(heading) :]):
        words = _("This line has more cells than there are columns: is a quotation mark missing?")
        raise Wrong([Problem(line, "", words)])
    padded = [*cells, *[""] * (len(heading) - len(cells))]
    values = (restored(one_way(cell)) for cell in padded)
    return Row(line, dict(zip(heading, values, strict=False)))
