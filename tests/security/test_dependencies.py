"""The check of the pins is red where one is vulnerable, and where nobody could say so."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.portal import free_port

CHECKOUT = Path(__file__).resolve().parents[2]
HASH = f"--hash=sha256:{'0' * 64}"


def advisory(name: str, package: str) -> dict[str, object]:
    return {
        "id": name,
        "modified": "2026-01-01T00:00:00Z",
        "published": "2026-01-01T00:00:00Z",
        "summary": "Something is wrong",
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": package},
                "ranges": [
                    {
                        "type": "ECOSYSTEM",
                        "events": [{"introduced": "0"}, {"fixed": "4.2.20"}],
                    }
                ],
            }
        ],
    }


KNOWN = {
    ("django", "3.2.0"): [advisory("PYSEC-2021-98", "django")],
    ("oldlib", "1.0"): [advisory("PYSEC-2020-1", "oldlib")],
}


@contextmanager
def source(*, knows: bool = True, status: int = 200) -> Iterator[str]:
    """An OSV server on loopback; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = (asked["package"]["name"].lower(), asked["version"])
            found = KNOWN.get(key) if knows else None
            answer = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        server.shutdown()


def check(tmp_path: Path, address: str, *pins: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "requirements.txt"
    file.write_text("".join(f"{pin} {HASH}\n" for pin in pins))
    return subprocess.run(
        [sys.executable, "tests/security/dependencies.py", str(file)],
        cwd=CHECKOUT,
        env=os.environ | {"ADVISORIES": address, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pins_without_an_advisory_are_green(tmp_path: Path) -> None:
    with source() as address:
        done = check(tmp_path, address, "django==5.2.19", "oldlib==2.0")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_old_vulnerable_pin_is_red_with_its_advisory(tmp_path: Path) -> None:
    with source() as address:
        done = check(tmp_path, address, "django==5.2.19", "oldlib==1.0")
    assert done.returncode == 1
    assert done.stderr.endswith("requirements.txt: oldlib 1.0: PYSEC-2020-1\n")


def test_a_source_that_cannot_be_reached_is_red(tmp_path: Path) -> None:
    done = check(tmp_path, f"http://127.0.0.1:{free_port()}/v1/query", "django==5.2.19")
    assert done.returncode == 2
    assert done.stderr.startswith("The advisories could not be read: ")


@pytest.mark.parametrize(("knows", "status"), [(False, 200), (True, 503)])
def test_a_source_that_knows_nothing_or_fails_is_red(
    tmp_path: Path, knows: bool, status: int
) -> None:
    with source(knows=knows, status=status) as address:
        done = check(tmp_path, address, "django==5.2.19")
    assert done.returncode == 2
    assert done.stderr.startswith("The advisories could not be read: ")


def test_every_pin_of_the_project_is_one_that_is_looked_up() -> None:
    """The pattern of the check finds as many pins as pip would install."""
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt"):
        lines = CHECKOUT.joinpath(name).read_text().splitlines()
        assert all("==" in line for line in lines if line and line[0].isalnum())
        assert sum(line[:1].isalnum() for line in lines) >= 50
