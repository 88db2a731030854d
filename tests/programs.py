"""Programs of ours in processes of their own, on the database of the test: to be killed, say."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

CHECKOUT = Path(__file__).resolve().parents[1]
_BEGIN = "import django\ndjango.setup()\n"


def start(code: str) -> subprocess.Popen[bytes]:
    """Run the code beside the test, with Django, its database and its data folder."""
    return _start(["-c", _BEGIN + code], {"DJANGO_SETTINGS_MODULE": "alliance.settings"})


@contextmanager
def worker(**environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py worker` beside the test, with these variables besides; killed in the end."""
    process = _start(["manage.py", "worker"], environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait(condition: Callable[[], object], seconds: float = 120, pause: float = 0.05) -> None:
    """Until it is so; it is asked for after each pause, in seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)


def _start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    found = connection.settings_dict
    url = f"postgresql://{found['USER']}@{quote(found['HOST'], safe='')}/{found['NAME']}"
    ours = {
        "DATABASE_URL": url,
        "ALLIANCE_DATA": str(settings.ALLIANCE_DATA),
        "TRAIL_KEY": settings.TRAIL_KEY,
    }
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=os.environ | ours | environment,
        stderr=subprocess.DEVNULL,
    )
