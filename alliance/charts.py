"""Charts as SVG, drawn on the server for a strict policy: geometry here, marks in a template.

A chart is as wide as a telephone and grows with its column. Its marks take the colour of the text,
so that they can be seen in the dark and on paper, and are told apart by pattern, dash and shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import NamedTuple

from alliance.text import Text

WIDTH, HEIGHT = 340, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 6, 10, 22  # room for the scale's numbers and the months
_GAP = 0.25  # of a column's width
_TICKS = 4


class Series(NamedTuple):
    """One row of numbers with its name; None is a month that has none."""

    name: Text
    values: Sequence[float | None]


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    pattern: int


class Point(NamedTuple):
    x: float
    y: float


class Line(NamedTuple):
    """Pieces of a line, broken where a number is missing, and a mark on each number."""

    pattern: int
    pieces: list[str]
    points: list[Point]


class Tick(NamedTuple):
    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A title, a description of what is counted, columns by name, and a series for each mark.

    `is_stacked` piles the series up as bars; otherwise each is a line.
    """

    name: str
    title: Text
    description: Text
    columns: Sequence[str]
    series: Sequence[Series]
    is_stacked: bool = True
    width = WIDTH
    height = HEIGHT
    left = _LEFT
    right = WIDTH - _RIGHT
    bottom = HEIGHT - _BOTTOM

    @property
    def rows(self) -> list[tuple[str, list[float | None]]]:
        """The same numbers for a table, a row for each column of the chart."""
        numbers = zip(*(series.values for series in self.series), strict=True)
        return [(name, list(row)) for name, row in zip(self.columns, numbers, strict=True)]

    @property
    def is_empty(self) -> bool:
        """No bar would stand on it, or no point: a nought is a point, and no bar."""
        values = [value for series in self.series for value in series.values]
        return not any(values) if self.is_stacked else all(value is None for value in values)

    @property
    def top(self) -> int:
        """The end of the scale: a round number that no column passes."""
        piles = [[value or 0 for value in row] for _name, row in self.rows]
        most = max([sum(row) if self.is_stacked else max(row) for row in piles], default=0)
        return round_up(most)

    @property
    def ticks(self) -> list[Tick]:
        """The lines of the scale, whole numbers from the bottom up."""
        step = max(1, self.top // _TICKS)
        return [Tick(self._y(value), str(value)) for value in range(0, self.top + 1, step)]

    @property
    def names(self) -> list[Tick]:
        """Every third column by its name: more have no room on a telephone."""
        return [
            Tick(self._x(number) + self._step / 2, name)
            for number, name in enumerate(self.columns)
            if number % 3 == 0
        ]

    @property
    def bars(self) -> list[Bar]:
        if not self.is_stacked:
            return []
        found = []
        for number, (_name, values) in enumerate(self.rows):
            below = 0.0
            for pattern, value in enumerate(values):
                if value:
                    found.append(self._bar(number, below, value, pattern))
                below += value or 0
        return found

    def _bar(self, number: int, below: float, value: float, pattern: int) -> Bar:
        y = self._y(below + value)
        x = round(self._x(number) + self._step * _GAP / 2, 1)
        width = round(self._step * (1 - _GAP), 1)
        return Bar(x, y, width, round(self._y(below) - y, 1), pattern)

    @property
    def lines(self) -> list[Line]:
        if self.is_stacked:
            return []
        return [self._line(number, row.values) for number, row in enumerate(self.series)]

    def _line(self, pattern: int, values: Sequence[float | None]) -> Line:
        pieces: list[list[Point]] = [[]]
        for number, value in enumerate(values):
            if value is None:
                pieces.append([])
            else:
                x = round(self._x(number) + self._step / 2, 1)
                pieces[-1].append(Point(x, self._y(value)))
        drawn = [" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1]
        return Line(pattern, drawn, [point for piece in pieces for point in piece])

    @property
    def _step(self) -> float:
        return (self.right - self.left) / max(1, len(self.columns))

    def _x(self, number: int) -> float:
        return round(self.left + number * self._step, 1)

    def _y(self, value: float) -> float:
        return round(self.bottom - value * (self.bottom - _TOP) / self.top, 1)


def round_up(value: float) -> int:
    """The next of 4, 8, 20, 40, 80, 200 and so on: four equal steps of whole numbers."""
    if value <= _TICKS:
        return _TICKS
    power = 10 ** int(log10(value / _TICKS))
    for step in (1, 2, 5, 10):
        if value <= _TICKS * step * power:
            return _TICKS * step * power
    return ceil(value)
