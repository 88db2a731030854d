"""Lighthouse's four scores of a page. It needs Node: `docs/weight.md` says how to come by it."""

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterable

from tests.browser import chromium_path, launch_arguments

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SECONDS = 180
# The presets by which it slows line and processor down; a telephone's is the default.
PRESETS: dict[str, list[str]] = {"mobile": [], "desktop": ["--preset=desktop"]}


def program() -> str | None:
    """The program to start, by the variable LIGHTHOUSE or on the path; None where there is none."""
    return os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")


def scores(address: str, preset: str, *, skip: Iterable[str] = ()) -> list[int]:
    """Of 100 each, in the order of `CATEGORIES`; `skip` are audits that this page is to fail.

    Time varies: where something is lacking, the page is judged twice more, and the middle counts.
    """
    judged = [_judged(address, preset, skip)]
    if min(judged[0]) < 100:
        judged += [_judged(address, preset, skip) for _time in range(2)]
    return [statistics.median_low(of_category) for of_category in zip(*judged, strict=True)]


def _judged(address: str, preset: str, skip: Iterable[str]) -> list[int]:
    """One judgement; where the browser failed beneath Lighthouse, a second one."""
    answer = _run(address, preset, skip)
    if answer.returncode:
        answer = _run(address, preset, skip)
    assert not answer.returncode, answer.stderr
    categories = json.loads(answer.stdout)["categories"]
    return [round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES]


def _run(address: str, preset: str, skip: Iterable[str]) -> subprocess.CompletedProcess[str]:
    found = program()
    assert found
    return subprocess.run(
        [
            found,
            address,
            *PRESETS[preset],
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            *(f"--skip-audits={audit}" for audit in skip),
            f"--chrome-flags={' '.join(launch_arguments())}",
        ],
        env=os.environ | {"CHROME_PATH": chromium_path() or ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
