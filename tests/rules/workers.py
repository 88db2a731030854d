"""Two web workers over the database of the tests, for what one process cannot show."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.portal import free_port

CHECKOUT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "gunicorn", "-c", "python:alliance.gunicorn_conf"]
SECONDS_TO_START = 60


@contextmanager
def two_workers(*, log: IO[bytes] | None = None, **environment: str) -> Iterator[str]:
    """Start them with these variables besides the usual ones; yields their address.

    What they log goes into `log`, or to where the tests' own standard error goes.
    """
    port = free_port()
    process = subprocess.Popen(
        COMMAND,
        cwd=CHECKOUT,
        env=os.environ
        | {
            "ALLIANCE_MODE": "local",
            "ALLIANCE_DATA": str(settings.ALLIANCE_DATA),
            "DATABASE_URL": _database_url(),
            "PORT": str(port),
            "WEB_WORKERS": "2",
        }
        | environment,
        stdin=subprocess.DEVNULL,
        stderr=log,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def _database_url() -> str:
    database = connection.settings_dict
    who = quote(database["USER"], safe="")
    if database["PASSWORD"]:
        who += ":" + quote(database["PASSWORD"], safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{who}@{quote(database['HOST'], safe='')}{port}/{database['NAME']}"


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        assert process.poll() is None, "the web workers stopped"
        assert time.monotonic() < deadline, "the web workers do not answer"
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
