"""What is measured is told, and a limit that is not kept ends the command with an error."""

import io

import pytest
from django.core.management.base import OutputWrapper

from alliance.benchmark import Line, tell


def told(*lines: Line) -> list[str]:
    out = io.StringIO()
    try:
        tell(OutputWrapper(out), lines)
    finally:
        out.seek(0)
    return [line.split()[-1] for line in out.read().splitlines()]


def test_limits_that_are_kept_end_well() -> None:
    assert told(Line("time", 2, 2), Line("found", 98, 98, at_least=True)) == ["ok", "ok"]


@pytest.mark.parametrize(
    "line", [Line("time", 2.01, 2, unit="ms"), Line("found", 97.9, 98, at_least=True)]
)
def test_one_limit_that_is_not_kept_ends_with_1(line: Line) -> None:
    assert str(line).endswith("over")
    with pytest.raises(SystemExit, match="1"):
        told(Line("queries", 4, 5), line)
