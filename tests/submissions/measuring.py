"""The commands that measure, run as a person runs them, on few rows."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def measure(command: str, *, folder: Path, **few: int | Path) -> list[str]:
    """Its lines about limits, all times within them; `folder` is for the data.

    `few` are the options that say how much is measured.
    """
    options = [part for name, number in few.items() for part in (f"--{name}", str(number))]
    done = subprocess.run(
        [sys.executable, "manage.py", command, *options, "--rounds", "1", "--slack", "1000"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "ALLIANCE_MODE": "local",
            "ALLIANCE_DATA": str(folder),
            "DATABASE_URL": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if line.endswith((" ok", " over"))]
