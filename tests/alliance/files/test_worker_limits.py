"""Each program that reads a hostile file takes away from itself what reading does not need."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alliance.files import (
    child,
    office_worker,
    pdf_content_worker,
    pdf_cover_worker,
    pdf_text_worker,
    picture_worker,
)

MEMORY = 2**30
SECONDS = 7

# Runs a worker as the portal does, then says what it could still have used.
_ASK = """
import json, resource, runpy, sys
script, sys.argv = sys.argv[1], sys.argv[1:]
try:
    runpy.run_path(script, run_name="__main__")
except Exception:
    pass
finally:
    kinds = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE")
    print(json.dumps({kind: resource.getrlimit(getattr(resource, kind)) for kind in kinds}))
"""


@pytest.mark.parametrize(
    ("worker", "arguments", "most_written"),
    [
        (picture_worker, ["1024", "1024"], picture_worker.MAX_OUTPUT_BYTES),
        (office_worker, [], 1000),
        (pdf_text_worker, [], pdf_text_worker.MAX_OUTPUT_BYTES),
        (pdf_cover_worker, ["480", "720"], pdf_cover_worker.MAX_OUTPUT_BYTES),
        (pdf_content_worker, [], 1000),
    ],
    ids=["picture", "office", "pdf_text", "pdf_cover", "pdf_content"],
)
def test_memory_time_and_what_is_written_are_bounded_for_good(
    worker: object, arguments: list[str], most_written: int
) -> None:
    script = str(getattr(worker, "__file__", ""))
    result = subprocess.run(
        [sys.executable, "-I", "-c", _ASK, script, *arguments, str(MEMORY), str(SECONDS)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    assert json.loads(result.stdout) == {
        "RLIMIT_AS": [MEMORY, MEMORY],
        "RLIMIT_CPU": [SECONDS, SECONDS],
        "RLIMIT_FSIZE": [most_written, most_written],
        "RLIMIT_CORE": [0, 0],
    }


def test_one_that_never_ends_is_ended_by_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before the portal itself would lose its patience."""
    monkeypatch.setattr(child, "_CPU_SECONDS", 1)
    script = tmp_path / "spin.py"
    script.write_text(
        f"import runpy, sys\n"
        f"worker = runpy.run_path({picture_worker.__file__!r})\n"
        f"worker['confine'](*map(int, sys.argv[1:]))\n"
        f"while True: pass\n"
    )
    with (tmp_path / "source").open("w+b") as source:
        answer = child.run_confined(script, source=source)
    assert answer.status in {-signal.SIGKILL, -signal.SIGXCPU}
