"""A pytest plugin: `make faults` ends with a line for each promise, its rounds and what was counted.

A test names the promise that it proves by the mark `promise`, and counts by the fixture of that name.
Tests of the same promise share its line, which is ok where all of them are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

_MARKS = "promise"
_WIDEST = 44


@dataclass(frozen=True)
class Promise:
    """What one test counts."""

    _record: Callable[[str, object], None]

    def counted(self, rounds: int, **found: object) -> None:
        """As in `counted(100, numbers_shown=812, lost=0)`; several times where there are parts."""
        words = [f"{number} {name.replace('_', ' ')}" for name, number in found.items()]
        self._record("rounds", rounds)
        self._record("counted", ", ".join(words))


@dataclass
class _Line:
    rounds: int = 0
    counted: list[str] = field(default_factory=list)
    has_failed: bool = False


@pytest.fixture
def promise(record_property: Callable[[str, object], None]) -> Promise:
    return Promise(record_property)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if mark := item.get_closest_marker(_MARKS):
        item.user_properties.append((_MARKS, mark.args[0]))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if _MARKS not in str(config.option.markexpr):
        return
    lines: dict[str, _Line] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            _take_in(report, lines, has_failed=outcome != "passed")
    terminalreporter.section("promises")
    terminalreporter.write_line(f"{'promise':{_WIDEST}} {'rounds':>6}  result  counted")
    for name, line in sorted(lines.items()):
        result = "failed" if line.has_failed else "ok"
        counted = "; ".join(filter(None, line.counted))
        terminalreporter.write_line(f"{name:{_WIDEST}} {line.rounds:>6}  {result:6}  {counted}")


def _take_in(report: pytest.TestReport, lines: dict[str, _Line], *, has_failed: bool) -> None:
    found = list(report.user_properties)
    names = [str(value) for name, value in found if name == _MARKS]
    line = lines.setdefault(names[0] if names else report.nodeid.rpartition("::")[2], _Line())
    rounds = [int(str(value)) for name, value in found if name == "rounds"]
    line.rounds += sum(rounds) or 1
    line.counted += [str(value) for name, value in found if name == "counted"]
    line.has_failed |= has_failed
