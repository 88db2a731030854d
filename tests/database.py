"""Every run of the tests has a PostgreSQL and a data folder of its own.

A pytest plugin (named in pyproject.toml, so that it comes before the settings are read): two runs
at once never meet, nothing is left over, and plain `pytest tests/one_test.py` works as well.
`DATABASE_URL` names another server instead.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from alliance.embedded_postgres import EmbeddedPostgres, temporary_server

CHECKOUT = Path(__file__).resolve().parent.parent
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
RUNS = Path(os.environ.get("ALLIANCE_DATA") or CHECKOUT / "var").resolve() / "test"
RUN = RUNS / str(os.getpid())

if not IS_WORKER:
    os.environ["ALLIANCE_MODE"] = "local"
    os.environ["ALLIANCE_DATA"] = str(RUN)
    # Nothing else ends a test whose statement never does: the driver waits without Python.
    os.environ["PGOPTIONS"] = "-c statement_timeout=100s"

_until_finished = ExitStack()


def pytest_sessionstart(session: pytest.Session) -> None:
    if IS_WORKER or session.config.option.collectonly:
        return
    for folder in _left_by_killed_runs():
        EmbeddedPostgres(folder).remove()
        shutil.rmtree(folder, ignore_errors=True)
    _until_finished.callback(shutil.rmtree, RUN, ignore_errors=True)
    if not os.environ.get("DATABASE_URL"):
        _until_finished.enter_context(temporary_server(RUN))


def pytest_unconfigure() -> None:
    _until_finished.close()


def _left_by_killed_runs() -> Iterator[Path]:
    for folder in RUNS.glob("*"):
        if folder.name.isdigit() and not Path("/proc", folder.name).exists():
            yield folder
