"""A real nginx with the portal's own site, before web servers of the test, all of it on loopback."""

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from alliance import processes
from tests.portal import CHECKOUT, free_port
from tests.servers import folder_for, program, wait_until

_SITE = CHECKOUT / "deploy" / "nginx"
_MAIN = """
{user}
pid {folder}/pid;
daemon off;
error_log {folder}/error.log crit;
include /etc/nginx/modules-enabled/*.conf;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes


class RunningNginx:
    """The site for localhost, before several web servers that take turns."""

    def __init__(
        self, folder: Path, web: list[int], data: Path, objects: str, balancers: str, patience: int
    ) -> None:
        self.folder = folder
        self.port, self.plain, self.metrics = free_port(), free_port(), free_port()
        self._make_certificate()
        (folder / "nginx").mkdir()
        for name in ("proxy", "sending", "headers", "accel", "objects", "tls"):
            text = (_SITE / f"{name}.conf").read_text()
            (folder / "nginx" / f"{name}.conf").write_text(text)
        servers = "".join(f"    server 127.0.0.1:{port} max_fails=0;\n" for port in web)
        upstream = f"upstream alliance_web {{\n{servers}}}\n"
        (folder / "nginx" / "upstream.conf").write_text(upstream)
        (folder / "nginx" / "balancers.conf").write_text(_balancers(balancers))
        words = {
            "ACME": folder / "acme",
            "CONFIG": folder,
            "DATA": data,
            "STATIC": data / "static",
            "LOGS": folder,
            "HOSTS": "localhost",
            "HOST": "localhost",
            "SITE_URL": f"https://localhost:{self.port}",
            "HTTP_PORT": f"127.0.0.1:{self.plain}",
            "HTTPS_PORT": f"127.0.0.1:{self.port}",
            "METRICS_PORT": f"127.0.0.1:{self.metrics}",
            "CERTIFICATE": folder / "certificate.pem",
            "CERTIFICATE_KEY": folder / "key.pem",
            "OBJECTS": objects,
            "RESOLVERS": "127.0.0.1",
        }
        template = (_SITE / "alliance.conf.template").read_text()
        site = re.sub(r"\$\{([A-Z_]+)\}", lambda name: str(words[name[1]]), template)
        site = site.replace("client_body_timeout 60s", f"client_body_timeout {patience}s")
        (folder / "site.conf").write_text(site)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_MAIN.format(user=user, folder=folder))
        self.process: subprocess.Popen[bytes] = processes.start(
            [program("nginx", "nginx"), "-c", folder / "nginx.conf", "-e", folder / "error.log"],
            end_signal=signal.SIGKILL,
            log=folder / "log",
        )
        wait_until(self._answers, "nginx does not come up")

    def ask(
        self, method: str, path: str, body: bytes | str | None, headers: Mapping[str, str]
    ) -> Answer:
        with closing(self.line()) as line:
            line.request(method, path, body, dict(headers))
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def line(self, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
        """From an address of loopback."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))
        return http.client.HTTPSConnection(
            "localhost", self.port, timeout=60, context=trusted, source_address=(source, 0)
        )

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with socket.create_connection(("127.0.0.1", self.port), 5):
            return True

    def _make_certificate(self) -> None:
        kind = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        name = "-subj /CN=localhost -addext subjectAltName=DNS:localhost"
        files = "-keyout key.pem -out certificate.pem"
        command = f"openssl req {kind} {name} {files}".split()
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)


def _balancers(addresses: str) -> str:
    """As deploy/install.sh writes it."""
    command = f"source {CHECKOUT}/deploy/steps/nginx.sh; BALANCERS={addresses} balancers"
    return subprocess.run(
        ["bash", "-c", command], check=True, capture_output=True, text=True
    ).stdout


@contextmanager
def running_nginx(
    *, web: list[int], data: Path, objects: str, balancers: str = "", patience: int = 60
) -> Iterator[RunningNginx]:
    """Before the web servers at these ports of loopback, with the object store at that address.

    `balancers` as in BALANCERS; `patience` in seconds with whoever stops sending.
    """
    with folder_for("nginx") as folder:
        server = RunningNginx(folder, web, data, objects, balancers, patience)
        try:
            yield server
        finally:
            processes.stop([server.process], signal.SIGTERM, seconds=10)
