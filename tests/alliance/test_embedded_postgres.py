"""Real servers, started and killed: each test has one of its own."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from alliance.embedded_postgres import (
    OWNER,
    RUNTIME,
    EmbeddedPostgres,
    database_settings,
    temporary_server,
)
from alliance.postgres_places import (
    OUTSIDE,
    SOCKET_NAME,
    SOCKET_PATH_LIMIT,
    PostgresError,
    server_home,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A folder below one that is closed to other users, as a home folder is."""
    folder = tmp_path / "portal" / "var"
    folder.mkdir(parents=True)
    yield folder
    EmbeddedPostgres(folder).remove()


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    yield server
    server.stop()


def ask(data_dir: Path, statement: str, role: str = OWNER) -> Any:
    """The first value that the server answers, asked as one of the portal's roles."""
    found = database_settings(data_dir, role=role)
    connection = psycopg2.connect(
        host=found["HOST"], user=found["USER"], dbname=found["NAME"], connect_timeout=5
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def has_ended(pid: int, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_new_server_answers_to_the_portals_roles_alone(
    server: EmbeddedPostgres, data_dir: Path
) -> None:
    may = "SELECT array[rolsuper, rolcreatedb, rolcreaterole] FROM pg_roles WHERE rolname = current_user"
    for role, rights in ((OWNER, [False, True, False]), (RUNTIME, [False, False, False])):
        assert ask(data_dir, "SELECT current_user::text", role) == role
        assert ask(data_dir, may, role) == rights
    assert ask(data_dir, "SHOW server_encoding") == "UTF8"
    assert ask(data_dir, "SHOW timezone") == "UTC"
    assert ask(data_dir, "SELECT upper('é')") == "É"


def test_it_listens_on_no_network(server: EmbeddedPostgres, data_dir: Path) -> None:
    assert ask(data_dir, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


def test_data_outlives_a_stop(server: EmbeddedPostgres, data_dir: Path) -> None:
    ask(data_dir, "CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    server.start()
    assert ask(data_dir, "SELECT number FROM kept") == 7


def test_a_killed_server_loses_nothing_and_blocks_nothing(data_dir: Path) -> None:
    """Its number stays taken meanwhile: nobody has asked how it ended."""
    killed = EmbeddedPostgres(data_dir)
    killed.start()
    ask(data_dir, "CREATE TABLE kept AS SELECT 7 AS number")
    assert killed.process
    os.kill(killed.process.pid, signal.SIGKILL)
    with pytest.raises(psycopg2.OperationalError):
        ask(data_dir, "SELECT 1")

    next_one = EmbeddedPostgres(data_dir)
    next_one.start()

    assert ask(data_dir, "SELECT number FROM kept") == 7
    next_one.stop()
    killed.process.wait()


def test_a_server_left_running_is_stopped_first(server: EmbeddedPostgres, data_dir: Path) -> None:
    assert server.process
    next_one = EmbeddedPostgres(data_dir, durable=False)
    next_one.start()
    assert server.process.wait(5) == 0
    assert ask(data_dir, "SELECT 1") == 1
    next_one.stop()


def test_a_number_now_used_by_another_program_blocks_nothing(
    server: EmbeddedPostgres, data_dir: Path
) -> None:
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")
    server.start()
    assert ask(data_dir, "SELECT 1") == 1


def test_it_ends_with_the_process_that_started_it(data_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path;"
        "from alliance.embedded_postgres import EmbeddedPostgres;"
        "server = EmbeddedPostgres(Path(sys.argv[1]), durable=False);"
        "print(server.start().pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)], cwd=CHECKOUT, stdout=subprocess.PIPE
    )
    assert starter.stdout
    with starter.stdout:
        pid = int(starter.stdout.readline())
    starter.kill()
    starter.wait()
    assert has_ended(pid)


def test_an_interrupted_first_start_is_made_afresh(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    server.stop()
    server.data.rename(server.home / "data.new")
    (server.home / "data.new" / "global" / "pg_control").unlink()

    server.start()

    assert ask(data_dir, "SELECT 1") == 1
    server.stop()


def test_no_folder_above_the_data_is_opened(data_dir: Path) -> None:
    above = {folder: folder.stat().st_mode for folder in (data_dir, *data_dir.parents)}
    with temporary_server(data_dir):
        assert {folder: folder.stat().st_mode for folder in above} == above


def test_a_temporary_server_leaves_nothing(data_dir: Path) -> None:
    with temporary_server(data_dir) as server:
        assert server.process
        pid, home, sockets = server.process.pid, server.home, server.sockets
    assert has_ended(pid)
    assert not home.exists()
    assert not sockets.exists()


@pytest.mark.parametrize("name", ["a" * 90, "with, a comma", 'with "quotes"', "with spaces é"])
def test_any_folder_name_will_do(data_dir: Path, name: str) -> None:
    folder = data_dir / name / "var"
    folder.mkdir(parents=True)
    with temporary_server(folder) as server:
        assert len(os.fsencode(server.sockets / SOCKET_NAME)) <= SOCKET_PATH_LIMIT
        assert ask(folder, "SELECT 1") == 1


def test_two_folders_share_nothing(data_dir: Path) -> None:
    one, other = data_dir / "one", data_dir / "other"
    assert server_home(one) != server_home(other)
    assert database_settings(one)["HOST"] != database_settings(other)["HOST"]


def test_a_folder_of_somebody_else_is_refused(data_dir: Path) -> None:
    """Whoever made the folder of the socket first could pose as the server."""
    home = server_home(data_dir)
    home.mkdir(parents=True, mode=0o755)
    home.chmod(0o777)
    with pytest.raises(PostgresError, match="belongs to someone else"):
        EmbeddedPostgres(data_dir).start()
    home.rmdir()


@as_root
def test_for_root_a_closed_folder_moves_the_data_outside(data_dir: Path) -> None:
    data_dir.parent.chmod(0o700)
    assert server_home(data_dir).parent == OUTSIDE
    assert server_home(data_dir).name.startswith("portal-")


@as_root
def test_for_root_the_server_runs_under_an_account_of_its_own(server: EmbeddedPostgres) -> None:
    assert server.process
    assert Path(f"/proc/{server.process.pid}").stat().st_uid == server.data.stat().st_uid
    assert server.data.stat().st_uid != 0


@as_root
def test_another_account_is_turned_away(server: EmbeddedPostgres) -> None:
    def knock(role: str) -> str:
        tried = subprocess.run(
            [server.programs / "psql", "-h", server.sockets, "-U", role, "-c", "SELECT 1"],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user="nobody",
        )
        assert tried.returncode != 0
        return tried.stderr

    assert "Permission denied" in knock("alliance")
    for folder in (server.home, server.sockets):
        folder.chmod(0o755)
    assert "Peer authentication failed" in knock("alliance")
    assert "Peer authentication failed" in knock("postgres")
    server.home.chmod(0o700)
