"""A slow or huge upload harms nobody: what others see of it, what it costs, where it ends."""

import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.faults.promises import Promise
from tests.portal import Portal, running_portal

pytestmark = [
    pytest.mark.xdist_group("huge uploads"),
    pytest.mark.promise("A slow or huge upload harms nobody"),
]

KB, MB, GB = 2**10, 2**20, 2**30
PAGES = ("/", "/library/", "/login/", "/register/", "/about/")
MOST_MEMORY = 100 * MB
SLOW_SPEED = 200 * KB  # bytes a second
# What else the machine does at the same time may spoil a round, not three in a row.
ROUNDS = 3
TOO_LARGE = "This file is too large. Maximum file size: 1 GB."


@dataclass(frozen=True)
class Load:
    """So many slow uploads of `slow_size` bytes each beside a fast one of `huge_size`."""

    slow: int
    slow_size: int
    huge_size: int

    def __str__(self) -> str:
        return f"{self.slow} slow and one of {self.huge_size // MB} MB"


SHORT = Load(slow=4, slow_size=2 * MB, huge_size=100 * MB)
WHOLE = Load(slow=20, slow_size=8 * MB, huge_size=1 * GB)
LOADS = [
    pytest.param(SHORT, id="short"),
    pytest.param(WHOLE, id="whole", marks=pytest.mark.whole),
]


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("picture") / "logo.png"
    pixels = random.Random(1).randbytes(300 * 200 * 3)
    content = BytesIO()
    Image.frombytes("RGB", (300, 200), pixels).save(content, "PNG")
    path.write_bytes(content.getvalue())
    return path


@pytest.fixture(scope="module")
def behind_proxy() -> Iterator[Portal]:
    """A portal that believes one X-Forwarded-For, so that every sender has its own address."""
    with running_portal("uploads", TRUSTED_PROXY_COUNT="1") as running:
        yield running


@pytest.fixture
def send(behind_proxy: Portal, picture: Path) -> Callable[..., subprocess.Popen[str]]:
    def start(way: str, size: int, speed: int = 0, count: int = 1) -> subprocess.Popen[str]:
        arguments = [behind_proxy.url, way, str(size), str(speed), str(count), str(picture)]
        program = Path(__file__).with_name("sender.py")
        return subprocess.Popen(
            [sys.executable, program, *arguments], stdout=subprocess.PIPE, text=True
        )

    return start


def said(sender: subprocess.Popen[str]) -> list[str]:
    """What the portal answered to each file of a sender that is through."""
    output = sender.communicate(timeout=900)[0]
    assert sender.returncode == 0
    return list(json.loads(output.splitlines()[-1]))


def seconds_for(portal: Portal, path: str) -> float:
    connection = http.client.HTTPConnection("localhost", portal.port, timeout=120)
    began = time.perf_counter()
    connection.request("GET", path, headers={"X-Forwarded-For": "198.51.100.1"})
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - began
    connection.close()
    assert answer.status == 200
    return taken


def p95(portal: Portal, during: Callable[[], bool]) -> float:
    """The time under which 95 of 100 pages come, in seconds, asked while `during` holds."""
    times: list[float] = []
    while during() or len(times) < 60:
        times += [seconds_for(portal, path) for path in PAGES]
        time.sleep(0.05)
    return statistics.quantiles(times, n=20)[-1]


def for_seconds(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def web_processes(portal: Portal) -> list[Path]:
    """The folders of the web server's processes; there is no upload under way that has others."""
    of_portal = list(_children(Path(f"/proc/{portal.process.pid}")))
    found = [folder for folder in of_portal if b"gunicorn" in (folder / "cmdline").read_bytes()]
    assert len(found) == 3  # the first one, and the two that answer
    return found


def _children(folder: Path) -> Iterator[Path]:
    for task in folder.glob("task/*/children"):
        for child in task.read_text().split():
            yield Path(f"/proc/{child}")
            yield from _children(Path(f"/proc/{child}"))


def memory_of(processes: list[Path]) -> int:
    """Bytes that the processes have for themselves."""
    texts = [(folder / "smaps_rollup").read_text() for folder in processes]
    return KB * sum(
        int(kept) for text in texts for kept in re.findall(r"Private_\w+: +(\d+)", text)
    )


@dataclass(frozen=True)
class Seen:
    """What a load did to the portal: p95 of other pages in seconds, memory in bytes."""

    idle: float
    busy: float
    grown: int
    answers: list[str]

    def __str__(self) -> str:
        p95s = f"p95 {self.busy * 1000:.0f} ms, idle {self.idle * 1000:.0f} ms"
        return f"{p95s}; memory +{self.grown / MB:.0f} MB"


def see(portal: Portal, send: Callable[..., subprocess.Popen[str]], load: Load, way: str) -> Seen:
    idle = p95(portal, for_seconds(4))
    processes = web_processes(portal)
    memory = memory_of(processes)
    slow = send(way, load.slow_size, SLOW_SPEED, load.slow)
    huge = send(way, load.huge_size)
    grown = 0

    def under_way() -> bool:
        nonlocal grown
        grown = max(grown, memory_of(processes) - memory)
        return slow.poll() is None or huge.poll() is None

    busy = p95(portal, under_way)
    idle = max(idle, p95(portal, for_seconds(4)))
    return Seen(idle, busy, grown, said(slow) + said(huge))


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("way", ["form", "parts"])
def test_others_hardly_notice_and_memory_stays(
    behind_proxy: Portal,
    send: Callable[..., subprocess.Popen[str]],
    load: Load,
    way: str,
    promise: Promise,
) -> None:
    p95(behind_proxy, for_seconds(2))  # caches, connections, code that is loaded when first used
    for _round in range(ROUNDS):
        seen = see(behind_proxy, send, load, way)
        promise.counted(1, **{f"({way}), {load}": seen})
        assert seen.answers == (load.slow + 1) * ["kept"]
        assert seen.grown < MOST_MEMORY
        if seen.busy <= 2 * seen.idle:
            break
    assert seen.busy <= 2 * seen.idle


def test_one_byte_above_the_limit_is_refused_before_a_byte_is_sent(
    send: Callable[..., subprocess.Popen[str]],
) -> None:
    assert said(send("parts", GB + 1)) == [TOO_LARGE]


@pytest.mark.whole
def test_one_byte_above_the_limit_is_refused_by_the_form_and_not_kept(
    behind_proxy: Portal, send: Callable[..., subprocess.Popen[str]]
) -> None:
    before = sorted((behind_proxy.data / "staging").iterdir())
    assert said(send("form", GB + 1)) == [f"Error: {TOO_LARGE}"]
    assert sorted((behind_proxy.data / "staging").iterdir()) == before
