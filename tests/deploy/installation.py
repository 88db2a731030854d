"""The portal as `deploy/install.sh` puts it on a machine, below a folder that stands for /.

On free ports of loopback, with a supervisor, an nginx and a PostgreSQL of its own: what the machine
itself runs is left alone. Wants root and Debian's packages.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.portal import CHECKOUT, free_port

HOST = "alliance.example.org"
PAPER = b"%PDF-1.7\n% our statutes\n"
# Of this run alone: another one on the same machine removes its own.
ACCOUNT = f"alliance-trial-{os.getpid()}"
PROGRAMS = ("nginx", "supervisord", "pg_createcluster", "setpriv", "envsubst")
HINT = (
    "deploy/install.sh is tried out as root, with: apt-get install python3-venv nginx supervisor "
    "postgresql libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static ca-certificates curl "
    "gettext-base"
)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_OURS = ("ALLIANCE_", "DATABASE_", "PG", "DJANGO_", "PYTEST_")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Installation:
    """One machine's worth of folders, processes and ports."""

    def __init__(self, clamd_url: str) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="alliance-deploy"))
        self.root.chmod(0o755)
        self.first_words = ""  # what the first run said
        self.http, self.https, self.metrics, self.database = (free_port() for _ in range(4))
        self.first_choices = {
            "ACCOUNT": ACCOUNT,
            "HTTP_PORT": f"127.0.0.1:{self.http}",
            "HTTPS_PORT": f"127.0.0.1:{self.https}",
            "METRICS_PORT": f"127.0.0.1:{self.metrics}",
            "DATABASE_PORT": str(self.database),
            "CLAMD_URL": clamd_url,
            "SITE_URL": f"https://{HOST}:{self.https}",
            "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
            "DEFAULT_FROM_EMAIL": "UNOSSC Alliance <alliance@example.org>",
            "SECRETARIAT_EMAIL": "secretariat@example.org",
            "SANCTIONS_LIST_ADDRESS": f"http://127.0.0.1:{free_port()}/",
        }

    def install(self, checkout: Path = CHECKOUT, /, **choices: str) -> str:
        """Run the script of this version or of another, and return what it said."""
        run = subprocess.run(
            [checkout / "deploy" / "install.sh"],
            env=_environment() | {"ROOT": str(self.root)} | choices,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + self.logs()
        return run.stdout

    def manage(self, *arguments: str) -> str:
        """What a command of the portal prints, run as an operator does."""
        run = self.alliance("manage", *arguments)
        assert run.returncode == 0, run.stderr
        return run.stdout

    def alliance(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The operator's command."""
        return subprocess.run(
            [self.root / "usr/local/sbin/alliance", *arguments],
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, program: str) -> Any:
        """The last line, read as JSON, of a program that may use the helpers of the tests."""
        tests = self.root / "tests"
        if not tests.exists():
            shutil.copytree(CHECKOUT / "tests", tests, ignore=shutil.ignore_patterns("__pycache__"))
        begin = f"import sys; sys.path.insert(0, {str(self.root)!r})\n"
        return json.loads(self.manage("shell", "-c", begin + program).splitlines()[-1])

    def variable(self, name: str) -> str:
        """What the portal's environment says there."""
        text = (self.root / "etc/alliance/environment").read_text()
        return text.partition(f"\n{name}='")[2].partition("'")[0]

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the database, as the portal's role sees them."""
        with (
            psycopg2.connect(self.variable("DATABASE_URL")) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            return list(cursor.fetchall())

    @contextmanager
    def line(self, *, tls: bool = True, name: str = HOST) -> Iterator[http.client.HTTPConnection]:
        """A connection to nginx; its certificate must be the one that was made for `name`."""
        raw = socket.create_connection(("127.0.0.1", self.https if tls else self.http), 30)
        connection = http.client.HTTPConnection(name)
        connection.sock = raw
        try:
            if tls:
                context = ssl.create_default_context(
                    cafile=str(self.root / "etc/alliance/tls/certificate.pem")
                )
                connection.sock = context.wrap_socket(raw, server_hostname=name)
            yield connection
        finally:
            connection.close()
            raw.close()

    def ask(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        tls: bool = True,
    ) -> Answer:
        """An answer of nginx."""
        host = f"{HOST}:{self.https if tls else self.http}"
        with self.line(tls=tls) as connection:
            connection.request(method, path, headers={"Host": host, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def pids(self) -> dict[str, int]:
        """Of the programs that the supervisor keeps."""
        said = self._supervisor("status")
        lines = [line.split() for line in said.splitlines()]
        return {words[0]: int(words[3].rstrip(",")) for words in lines if words[1:2] == ["RUNNING"]}

    def logs(self) -> str:
        files = [*self.root.glob("var/log/**/*.log")]
        return "".join(f"\n--- {file}\n{file.read_text()[-2000:]}" for file in files)

    def remove(self) -> None:
        """End at once what runs below the folder, then remove it and the account."""
        deadline = time.monotonic() + 30
        while running := self.processes():
            assert time.monotonic() < deadline, f"these do not end: {running}"
            for pid in running:
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.2)
        for command in ("userdel", "groupdel"):  # nginx's account is of the group
            subprocess.run([command, ACCOUNT], check=False, capture_output=True)
        shutil.rmtree(self.root)

    @property
    def host(self) -> str:
        """As a browser names it."""
        return f"{HOST}:{self.https}"

    def _supervisor(self, *arguments: str) -> str:
        file = self.root / "etc/supervisor/supervisord.conf"
        run = subprocess.run(
            ["supervisorctl", "--configuration", file, *arguments],
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode in {0, 3}, run.stderr + run.stdout
        return run.stdout

    def processes(self) -> set[str]:
        """The ids of all processes that have the folder in their command line, as their place or in
        what they write their errors to, and of those that these have started.

        A worker of nginx whose master is gone is known by its errors alone.
        """
        found, parents = set(), {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parents[process.name] = (process / "stat").read_text().rpartition(")")[2].split()[1]
                places = [(process / name).resolve() for name in ("cwd", "fd/2")]
                if str(self.root) in f"{places} {(process / 'cmdline').read_text()}":
                    found.add(process.name)
        return found | {pid for pid, parent in parents.items() if parent in found}


def as_person(rows: dict[str, str], who: str) -> dict[str, str]:
    return {"Cookie": f"{rows['cookie']}={rows[who]}"}


def wait_until(is_so: Callable[[], object], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.2)


def make_sure_of_programs() -> None:
    """Without them the tests are skipped, and fail in CI."""
    missing = [name for name in PROGRAMS if not shutil.which(name, path=_PATH)]
    if os.geteuid() == 0 and not missing:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{HINT} (missing: {missing})")
    pytest.skip(HINT)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"PATH": _PATH}
