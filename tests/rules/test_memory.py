"""What a web worker holds once it has answered every public page, and keeps all that it may keep.

`make bench ONLY=memory` prints it.
"""

import re
from pathlib import Path

import pytest

from alliance.benchmark import Line
from tests.faults.processes import children, command_line
from tests.portal import Portal
from tests.rules.test_weight import fullest

LIMIT = 100  # MB
# Each page by each of the workers, which take them as they come, and more often than that.
_ROUNDS = 24
# More pages than a process keeps.
_REPORTS = 2000
_MANY_REPORTS = f"""
from alliance.database_roles import as_owner
from knowledge.models import Report
from submissions.benchmark import report_rows
with as_owner():  # who alone may number rows
    report_rows.reports({_REPORTS})
for report in Report.objects.published().filter(slug="reading"):
    print(report.get_absolute_url())
"""
_SHARE = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)


def web_workers(portal: Portal) -> list[int]:
    """The processes of a portal that answer requests."""
    programs = {command_line(pid): pid for pid in children(portal.process.pid)}
    [web] = [pid for line, pid in programs.items() if "gunicorn" in line]
    return children(web)


def share(pid: int) -> float:
    """MB of memory that a process holds, of what it shares with others its share (PSS)."""
    found = _SHARE.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6


@pytest.mark.whole
@pytest.mark.timeout(1800)
def test_a_web_worker_stays_small(portal: Portal, found_paths: dict[str, str]) -> None:
    paths = [path for path in fullest(portal, found_paths) if path != found_paths["nowhere"]]
    many = portal.run(_MANY_REPORTS).split()
    assert len(many) == _REPORTS
    for path in [*many, *many, *paths * _ROUNDS]:
        portal.get(path)
    largest = max(share(pid) for pid in web_workers(portal))
    line = Line("memory of a web worker", largest, LIMIT, unit="MB")
    print(f"\n{line}")
    assert line.is_ok
