"""`make serve`, as a person at the terminal meets it: started, stopped, killed, started again."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg2
import pytest

from alliance.embedded_postgres import OWNER, EmbeddedPostgres, database_settings

CHECKOUT = Path(__file__).resolve().parents[2]
SERVE = [sys.executable, "manage.py", "serve"]
LAST_LINE = "Stop with Ctrl-C."

# One after the other on one worker: they share a data folder, and each is a portal of its own.
pytestmark = pytest.mark.xdist_group("serve")


class Portal:
    """A portal started by a command, with what it says and the processes it started."""

    def __init__(self, data: Path, port: int, command: list[str] | None = None) -> None:
        self.port = port
        self.said = data.with_suffix(f".{time.monotonic_ns()}.txt")
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                command or SERVE,
                cwd=CHECKOUT,
                env=environment(data, port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_announced(self, seconds: float = 120) -> str:
        """What it said, once it is up."""
        wait(lambda: LAST_LINE in self.text() or self.process.poll() is not None, seconds)
        assert LAST_LINE in self.text(), self.text()
        return self.text()

    def text(self) -> str:
        return self.said.read_text()

    def status(self) -> int:
        """The status of the page that says whether all is well; 0 if nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def children(self) -> list[int]:
        pid = self.process.pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(60)


def environment(data: Path, port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return ours | {"ALLIANCE_MODE": "local", "ALLIANCE_DATA": str(data), "PORT": str(port)}


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def is_running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def all_end(pids: list[int], seconds: float = 20) -> bool:
    return wait(lambda: not any(is_running(pid) for pid in pids), seconds)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def execute(data: Path, statement: str) -> list[tuple[object, ...]]:
    found = database_settings(data, role=OWNER)
    connection = psycopg2.connect(host=found["HOST"], user=found["USER"], dbname=found["NAME"])
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Two data folders in which the portal has been started once, both at the same time."""
    above = tmp_path_factory.mktemp("serve")
    one, other = above / "one", above / "other"
    with ExitStack() as at_the_end:
        for folder in (one, other):
            at_the_end.callback(EmbeddedPostgres(folder).remove)
        copies = [Portal(one, free_port()), Portal(other, free_port())]
        for copy in copies:
            at_the_end.callback(copy.stop)
        for copy in copies:
            copy.wait_until_announced()
        assert [copy.status() for copy in copies] == [200, 200]
        execute(one, "CREATE TABLE kept AS SELECT 7 AS number")
        assert [copy.stop() for copy in copies] == [0, 0]
        yield one, other


@pytest.fixture(scope="module")
def data(folders: tuple[Path, Path]) -> Path:
    return folders[0]


@pytest.fixture(scope="module")
def running(data: Path) -> Iterator[dict[str, Portal]]:
    """The portal that the tests hand on from one to the next."""
    portals: dict[str, Portal] = {}
    yield portals
    for portal in portals.values():
        portal.stop()


@pytest.fixture
def portal(data: Path, running: dict[str, Portal]) -> Portal:
    """A running portal; started afresh if the test before ended it."""
    if "portal" not in running or running["portal"].process.poll() is not None:
        running["portal"] = Portal(data, free_port())
        running["portal"].wait_until_announced()
    return running["portal"]


@pytest.fixture
def stopped(running: dict[str, Portal]) -> None:
    """No portal runs on the data."""
    if "portal" in running:
        running["portal"].stop()


@pytest.mark.usefixtures("stopped")
def test_a_second_start_is_quick_and_keeps_all_data(data: Path, running: dict[str, Portal]) -> None:
    began = time.monotonic()
    running["portal"] = Portal(data, free_port())
    running["portal"].wait_until_announced()
    # Three seconds on a machine with nothing else to do; here another worker's tests run beside.
    assert time.monotonic() - began < 20
    assert execute(data, "SELECT number FROM kept") == [(7,)]


def test_it_says_in_ten_lines_where_all_is_found(portal: Portal) -> None:
    said = portal.text().partition("\n\n")[2].splitlines()
    assert len(said) <= 10
    assert f"http://localhost:{portal.port}/ " in said[0]
    assert f"http://localhost:{portal.port}/local/mail/" in said[0]


def test_a_second_start_on_the_same_data_is_refused(portal: Portal, data: Path) -> None:
    second = Portal(data, free_port())
    assert second.process.wait(30) == 1
    assert f"already runs from {data} (process {portal.process.pid})" in second.text()
    assert portal.status() == 200


def test_copies_with_folders_of_their_own_share_nothing(
    portal: Portal, folders: tuple[Path, Path]
) -> None:
    beside = Portal(folders[1], free_port())
    beside.wait_until_announced()
    assert execute(folders[1], "SELECT to_regclass('kept')") == [(None,)]
    assert (portal.status(), beside.status()) == (200, 200)
    assert beside.stop() == 0
    assert portal.status() == 200


def test_what_ends_is_started_again(portal: Portal) -> None:
    killed = portal.children()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert wait(lambda: len(set(portal.children()) - set(killed)) == 3, 60)
    assert wait(lambda: portal.status() == 200, 60)
    for name in ("database", "web server", "worker"):
        assert f"The {name} ended (signal 9); starting it again" in portal.text()


def test_killed_it_leaves_nothing_that_blocks_the_next_start(
    portal: Portal, data: Path, running: dict[str, Portal]
) -> None:
    children = portal.children()
    portal.process.kill()
    portal.process.wait()

    running["portal"] = Portal(data, portal.port)
    running["portal"].wait_until_announced()

    assert all_end(children)
    assert running["portal"].status() == 200
    assert execute(data, "SELECT number FROM kept") == [(7,)]


def test_killed_with_all_that_it_started_it_starts_again(
    portal: Portal, data: Path, running: dict[str, Portal]
) -> None:
    for pid in [portal.process.pid, *portal.children()]:
        os.kill(pid, signal.SIGKILL)
    portal.process.wait()

    running["portal"] = Portal(data, portal.port)
    running["portal"].wait_until_announced()

    assert running["portal"].status() == 200


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_stops_all_that_it_started(portal: Portal, signum: int) -> None:
    children = portal.children()
    assert len(children) == 3  # database, web server, worker
    portal.process.send_signal(signum)
    # Two seconds, but what hangs is given twenty before it is killed, the database thirty.
    assert portal.process.wait(60) == 0
    assert not any(is_running(pid) for pid in children)
    assert portal.status() == 0


@pytest.mark.usefixtures("stopped")
def test_it_ends_with_the_make_that_started_it(data: Path) -> None:
    make = ["bash", "-c", f"{sys.executable} manage.py serve --stop-with-parent; exit"]
    portal = Portal(data, free_port(), make)
    portal.wait_until_announced()
    children = portal.children()
    portal.process.kill()
    assert all_end(children)
    assert portal.text().splitlines()[-1] == "Stopping"


@pytest.mark.usefixtures("stopped")
def test_a_taken_port_is_said_with_what_to_do(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        portal = Portal(data, port)
        assert portal.process.wait(30) == 1
    assert portal.text().splitlines() == [
        f"CommandError: Port {port} cannot be used (Address already in use). "
        f"Choose another: PORT={port + 1} make serve"
    ]


def make(*arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        ["make", *arguments], cwd=CHECKOUT, check=False, capture_output=True, text=True
    )
    return done.returncode, done.stderr.splitlines()


def test_python_without_venv_is_said_with_what_to_do(tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    python.chmod(0o755)
    status, said = make("serve", f"VENV={tmp_path}/venv", f"PYTHON={python}")
    assert status == 2
    assert said[0] == "Python's venv module is missing. On Debian: apt-get install python3-venv"


def test_an_old_python_is_said_with_what_to_do(tmp_path: Path) -> None:
    status, said = make("serve", f"VENV={tmp_path}/venv", "PYTHON=false")
    assert status == 2
    assert said[0].startswith("The portal needs Python 3.11 or newer.")


def test_a_folder_that_cannot_be_written_is_said_with_what_to_do() -> None:
    status, said = make("serve", "ALLIANCE_DATA=/proc/portal")
    assert status == 2
    assert said[0].startswith("The portal cannot write to /proc/portal.")
