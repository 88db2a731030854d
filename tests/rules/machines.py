"""A portal on several machines: two web servers behind nginx, and two workers.

They share nothing but the database, behind PgBouncer, with a replica, Redis and a bucket.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from alliance import processes
from tests.nginx import Answer, RunningNginx, running_nginx
from tests.portal import free_port
from tests.replica import RunningReplica, running_replica
from tests.rules.workers import CHECKOUT, COMMAND
from tests.servers import running_pgbouncer, running_redis, wait_until
from tests.swift import RunningSwift, running_swift

TOKEN = "t" * 32  # of the form and of its cookie


@dataclass
class Browser:
    """Somebody before the one address of the portal; nginx hands each request to the next machine."""

    nginx: RunningNginx
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: bytes | dict[str, Any], **headers: str) -> Answer:
        if isinstance(body, dict):
            headers |= {"content-type": "application/x-www-form-urlencoded"}
            body = urlencode(body | {"csrfmiddlewaretoken": TOKEN}).encode()
        return self._ask("POST", path, body, headers)

    def headers(self) -> dict[str, str]:
        cookies = self.cookies | {settings.CSRF_COOKIE_NAME: TOKEN}
        # As in local mode: machines of one address name their cookies by its port.
        named = {
            re.sub(r"_\d+$", f"_{self.nginx.port}", name): word for name, word in cookies.items()
        }
        return {
            "Cookie": "; ".join(f"{name}={word}" for name, word in named.items()),
            "X-CSRFToken": TOKEN,
        }

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        given = {name.replace("_", "-"): word for name, word in headers.items()}
        answer = self.nginx.ask(method, path, body, self.headers() | given)
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: word.value for name, word in SimpleCookie(line).items()}
        return answer


@dataclass
class Machines:
    nginx: RunningNginx
    swift: RunningSwift
    web: list[subprocess.Popen[bytes]]
    folders: list[Path]
    replica: RunningReplica

    def answered(self, route: str) -> list[int]:
        """How many requests each of the web servers has answered so."""
        logs = [(folder / "log").read_text() for folder in self.folders[:2]]
        return [log.count(f'"route": "{route}"') for log in logs]

    def files(self) -> list[Path]:
        """What lies on the disks of the machines that is no log and no address."""
        return [
            path
            for folder in self.folders
            for place in ("staging", "private", "media")
            for path in folder.glob(f"{place}/**/[!.]*")
            if path.is_file()
        ]


@contextmanager
def running_machines(tmp_path: Path, **options: str) -> Iterator[Machines]:
    """Each process with a data folder of its own; `options` are for the environment of all."""
    with ExitStack() as running:
        pool = running.enter_context(running_pgbouncer(default_pool_size="4"))
        swift = running.enter_context(running_swift())
        replica = running.enter_context(running_replica())
        ports = [free_port(), free_port()]
        nginx = running.enter_context(
            running_nginx(web=ports, data=tmp_path, objects=swift.address)
        )
        shared = {
            "ALLIANCE_MODE": "local",
            "DATABASE_URL": pool.url,
            "DATABASE_POOLED": "1",
            "DATABASE_REPLICA_URL": replica.url,
            "CACHE_URL": running.enter_context(running_redis()).url,
            "FILES_URL": swift.url,
            "SECRET_KEY": settings.SECRET_KEY,
            "TRAIL_KEY": settings.TRAIL_KEY,
            "WEB_WORKERS": "1",
            "WEB_THREADS": "8",
            "X_ACCEL_REDIRECT": "1",
            "PORT": str(nginx.port),
        } | options
        folders = [tmp_path / name for name in ("web0", "web1", "worker0", "worker1")]
        started = [
            _start(COMMAND, folder, shared | {"ALLIANCE_BIND": f"127.0.0.1:{port}"})
            for folder, port in zip(folders, ports, strict=False)
        ]
        started += [
            _start([sys.executable, "manage.py", "worker"], folder, shared)
            for folder in folders[2:]
        ]
        running.callback(processes.stop, started, signal.SIGTERM, seconds=20)
        machines = Machines(nginx, swift, started[:2], folders, replica)
        visitor = Browser(nginx)

        def both_answer() -> bool:
            visitor.get("/health/ready")
            return all(machines.answered("health/ready"))

        wait_until(both_answer, "the web servers do not come up", 90)
        yield machines


def _start(
    command: list[str], folder: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    folder.mkdir()
    return processes.start(
        command,
        end_signal=signal.SIGTERM,
        log=folder / "log",
        cwd=CHECKOUT,
        env=os.environ | environment | {"ALLIANCE_DATA": str(folder)},
    )
