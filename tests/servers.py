"""Servers of others that tests run for themselves, each on loopback with a folder of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.db import connection

from alliance import processes
from alliance.embedded_postgres import ADMINISTRATOR
from tests.portal import free_port

_EVERYWHERE = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def program(name: str, package: str) -> str:
    """Where it is; without it the test is skipped, and fails in CI."""
    path = shutil.which(name, path=_EVERYWHERE)
    hint = f"no {name} for this test; get it with: apt-get install {package}"
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(hint)
    if path is None:
        pytest.skip(hint)
    return path


def wait_until(is_so: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Come back as soon as it is so; an error of the network means not yet."""
    deadline = time.monotonic() + seconds
    while True:
        with suppress(OSError, redis.RedisError):
            if is_so():
                return
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@contextmanager
def folder_for(name: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class RunningRedis:
    """Keeps nothing on disk: what it knew is gone once it was stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.program = program("redis-server", "redis-server")
        self.start()

    def start(self) -> None:
        options = {"bind": "127.0.0.1", "port": str(self.port), "save": "", "dir": str(self.folder)}
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.process: subprocess.Popen[bytes] = processes.start(
            [self.program, *words], end_signal=signal.SIGKILL, log=self.folder / "log"
        )
        client = redis.Redis.from_url(self.url)
        wait_until(client.ping, "Redis does not come up")
        client.close()

    def stop(self) -> None:
        """At once, in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running_redis() -> Iterator[RunningRedis]:
    with folder_for("redis") as folder:
        server = RunningRedis(folder)
        try:
            yield server
        finally:
            server.stop()


def as_the_databases_own_account(folder: Path, role: str) -> dict[str, Any]:
    """How to start a program that does not want to be root: as the account of the embedded server.

    Its server asks the kernel who somebody is, and is told here that this one may come in too.
    """
    if os.geteuid() != 0:
        return {}
    where = connection.settings_dict
    account = pwd.getpwuid(Path(where["HOST"], ".s.PGSQL.5432").stat().st_uid)
    with (
        closing(
            psycopg2.connect(host=where["HOST"], dbname=where["NAME"], user=ADMINISTRATOR)
        ) as line,
        line.cursor() as cursor,
    ):
        cursor.execute("SHOW ident_file")
        names = Path(cursor.fetchone()[0])
        with names.open("a") as file:
            file.write(f'portal "{account.pw_name}" {role}\n')
        cursor.execute("SELECT pg_reload_conf()")
    shutil.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class RunningPgBouncer:
    """Before the database of the test, in transaction mode, with two connections for everybody.

    After each transaction a connection forgets everything, and the next one may get another: what
    relies on its own connection shows at once.
    """

    def __init__(self, folder: Path, host: str = "", **options: str) -> None:
        self.folder = folder
        database = connection.settings_dict
        self.host, self.port, self.name = str(folder), str(free_port()), database["NAME"]
        where = {"host": host or database["HOST"], "port": database["PORT"], "dbname": self.name}
        where |= {"user": database["USER"], "password": database["PASSWORD"]}
        lines = {
            "listen_addr": "127.0.0.1",
            "listen_port": self.port,
            "unix_socket_dir": self.host,
            "auth_type": "any",
            "pool_mode": "transaction",
            "default_pool_size": "2",
            "server_reset_query": "DISCARD ALL",
            "server_reset_query_always": "1",
            "ignore_startup_parameters": "options",
        } | options
        config = folder / "pgbouncer.ini"
        line = " ".join(f"{name}={value}" for name, value in where.items() if value)
        text = "".join(f"{name} = {value}\n" for name, value in lines.items())
        config.write_text(f"[databases]\n{self.name} = {line}\n[pgbouncer]\n{text}")
        self.process: subprocess.Popen[bytes] = processes.start(
            [program("pgbouncer", "pgbouncer"), config],
            end_signal=signal.SIGKILL,
            log=folder / "log",
            **as_the_databases_own_account(folder, database["USER"]),
        )
        wait_until((folder / f".s.PGSQL.{self.port}").exists, "PgBouncer does not come up")

    @property
    def url(self) -> str:
        return f"postgresql://alliance@127.0.0.1:{self.port}/{self.name}"


@contextmanager
def running_pgbouncer(host: str = "", **options: str) -> Iterator[RunningPgBouncer]:
    """Before the server at `host` instead, if given; `options` are lines of pgbouncer.ini."""
    with folder_for("pgbouncer") as folder:
        server = RunningPgBouncer(folder, host, **options)
        try:
            yield server
        finally:
            processes.stop([server.process], signal.SIGINT, seconds=5)
