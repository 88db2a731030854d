"""What a PDF costs behind nginx, beside a file that nginx has by itself."""

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.deploy.installation import Installation, wait_until

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.timeout(900)]

SIZE = 5 * 2**20
ROUNDS, DOWNLOADS = 5, 40
PROMISED = 0.9
# Whoever names no browser is taken for a robot, and not counted.
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}

ROWS = """
import io, json
from django.core.files.base import File
from knowledge.importing import add_version
from tests.knowledge.factories import make_report, pdf_file
pdf = io.BytesIO(pdf_file(2).read())
pdf.seek(0, 2)
pdf.write(b"%% padding\\n" * ((%d - pdf.tell()) // 10))
version = add_version(make_report("Heavy").editions.get(), pdf=File(pdf, "heavy.pdf"), is_digest=False, by=None)
print(json.dumps([version.get_absolute_url(), version.file.name]))
"""


def processor_seconds(installed: Installation) -> float:
    """What all processes of the installation have used so far: nginx, web servers, PostgreSQL."""
    ticks = 0
    for pid in installed.processes():
        words = Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measured(installed: Installation, address: str, size: int) -> tuple[float, float]:
    """Milliseconds of a download, by the processor and by the clock."""
    used, begun = processor_seconds(installed), time.perf_counter()
    with installed.line() as connection:
        for _ in range(DOWNLOADS):
            connection.request("GET", address, headers={"Host": installed.host, **BROWSER})
            assert len(connection.getresponse().read()) == size
    spent = processor_seconds(installed) - used, time.perf_counter() - begun
    return spent[0] / DOWNLOADS * 1000, spent[1] / DOWNLOADS * 1000


@pytest.mark.whole
def test_download_is_nearly_as_quick_as_the_web_servers_own_file(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    address, name = installed.run(ROWS % SIZE)
    wait_until(lambda: installed.ask(address, method="HEAD").status == 200, seconds=120)
    data = installed.root / "var/lib/alliance"
    own = data / "media" / "00" / f"{0:032}.png"
    own.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(data / "private" / name, own)
    for folder in (own, own.parent, own.parent.parent):
        folder.chmod(0o755)
    size = own.stat().st_size
    rounds = [
        (measured(installed, address, size), measured(installed, f"/media/00/{own.name}", size))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (
        [min(one[which][clock] for one in rounds) for clock in (0, 1)] for which in (0, 1)
    )
    with capsys.disabled():
        print(
            f"\nPDF of 5 MB: {ours[0]:.1f} ms of the processor, {ours[1]:.1f} ms by the clock; "
            f"nginx's own file: {theirs[0]:.1f} and {theirs[1]:.1f}; "
            f"{theirs[1] / ours[1]:.2f} of its rate"
        )
    assert theirs[1] / ours[1] >= PROMISED
