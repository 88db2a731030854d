"""A replica of the tests' database, as offices have them: copied once, then following the log."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from django.db import connection

from alliance import processes
from alliance.embedded_postgres import ADMINISTRATOR, SETTINGS
from alliance.postgres_places import server_account, server_programs
from tests.servers import as_the_databases_own_account, folder_for, wait_until

_SETTINGS = SETTINGS | {
    "fsync": "off",
    "full_page_writes": "off",
    "hot_standby_feedback": "on",
    "log_statement": "all",
}


class RunningReplica:
    """A hot standby: it reads, and refuses to write."""

    def __init__(self, folder: Path) -> None:
        self.host, self.data, self._log = str(folder), folder / "data", folder / "log"
        self.first = connection.settings_dict["HOST"]
        self._programs = server_programs(server_account())
        # A pooler before it comes as the other role; it knows those that the first knows now.
        as_the_databases_own_account(folder, connection.settings_dict["USER"])
        self._account = as_the_databases_own_account(folder, ADMINISTRATOR)
        command: list[str | Path] = [self._programs / "pg_basebackup", "--pgdata", self.data]
        command += [
            "--host",
            self.first,
            "--username",
            ADMINISTRATOR,
            "--write-recovery-conf",
            "--checkpoint=fast",
        ]
        subprocess.run(
            [*command, "--no-sync"], check=True, capture_output=True, cwd="/", **self._account
        )
        self.start()

    @property
    def url(self) -> str:
        database = connection.settings_dict
        host = quote(self.host, safe="")
        return f"postgresql://{database['USER']}@{host}/{database['NAME']}"

    def start(self) -> None:
        settings = _SETTINGS | {"unix_socket_directories": self.host}
        command: list[str | Path] = [self._programs / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.process: subprocess.Popen[bytes] = self._launch(command)

        def answers() -> bool:
            with suppress(psycopg2.OperationalError):
                self.ask("SELECT 1")
                return True
            # What a killed server shared stays in use for a moment.
            if self.process.poll() is not None:
                self.process = self._launch(command)
            return False

        wait_until(answers, "the replica does not come up")

    def _launch(self, command: list[str | Path]) -> subprocess.Popen[bytes]:
        return processes.start(
            command, end_signal=signal.SIGKILL, log=self._log, cwd="/", **self._account
        )

    def kill(self) -> None:
        """At once, with all who talk to it."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        """It is there, and says nothing more."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def pause(self) -> None:
        """Stop following: what is written from now on is not to be seen there."""
        self.catch_up()
        self.ask("SELECT pg_wal_replay_pause()")
        wait_until(
            lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused",
            "the replica does not pause",
        )

    def resume(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self) -> None:
        """Wait until it has come as far as the first is now."""
        # The tests' server writes its log a moment later; who waits for a line of it waits for all.
        line = "pg_logical_emit_message(true, 'here', '')"
        _ask(self.first, f"SELECT {line}, set_config('synchronous_commit', 'on', false)")
        end = _ask(self.first, "SELECT pg_current_wal_flush_lsn()")
        wait_until(
            lambda: self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{end}'"),
            "the replica does not follow",
        )

    def was_asked(self) -> str:
        """Every question since it was made."""
        return self._log.read_text(errors="replace")

    def processes(self) -> list[int]:
        """The server, and all that it has started, of which each has a group of its own."""
        of_it = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with suppress(FileNotFoundError):
            return [self.process.pid, *map(int, Path(of_it).read_text().split())]
        return []

    def ask(self, question: str) -> Any:
        return _ask(self.host, question)

    def _signal(self, signum: signal.Signals) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signum)


def _ask(host: str, question: str) -> Any:
    with (
        closing(psycopg2.connect(host=host, dbname="postgres", user=ADMINISTRATOR)) as line,
        line.cursor() as cursor,
    ):
        cursor.execute(question)
        found = cursor.fetchone()[0]
        line.commit()
        return found


@contextmanager
def running_replica() -> Iterator[RunningReplica]:
    with folder_for("replica") as folder:
        server = RunningReplica(folder)
        try:
            yield server
        finally:
            server.thaw()
            processes.stop([server.process], signal.SIGQUIT, seconds=10)
