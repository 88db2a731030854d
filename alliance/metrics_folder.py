"""Where the processes of the web server count what they answer, for whoever asks any of them.

prometheus_client counts in a file for each process once `PROMETHEUS_MULTIPROC_DIR` is set, which
it looks at when it is imported: so the web server's settings call this before the portal is loaded.
"""

import os
import re
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PROCESS = re.compile(r"_(\d+)\.db$")


def use(folder: Path) -> None:
    """Count in `folder` from now on, without what processes left there that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        found = _PROCESS.search(file.name)
        if found and not Path("/proc", found[1]).exists():
            file.unlink(missing_ok=True)
    os.environ[VARIABLE] = str(folder)
