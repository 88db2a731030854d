"""What nginx says of a visitor to the portal, whom it keeps out, and how long it waits for whom."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from tests.deploy.installation import make_sure_of_programs
from tests.deploy.test_store_behind_nginx import Quiet, serving
from tests.nginx import RunningNginx, running_nginx
from tests.portal import CHECKOUT, free_port

# The steps of the script that set up nginx, with its own helpers, below a folder that stands for /.
CONFIGURE = """
set -euo pipefail
here=$0 CONFIG=$ROOT/etc/alliance
source <(sed -n '/^changed=/,/^for step/{/^for step/d;p}' "$here/deploy/install.sh")
source "$here/deploy/steps/choices.sh"
source "$here/deploy/steps/nginx.sh"
choose
HOSTS=localhost
mkdir -p "$CONFIG/tls" "$LOGS"
touch "$CONFIG/environment"
configure_nginx
"""

# Of HTTP/2: kinds of frames, and answers as HPACK's table numbers them.
DATA, HEADERS, SETTINGS = 0, 1, 4
OK, BAD = 0x88, 0x8C

BALANCERS = "127.0.0.2,127.0.1.0/24"


class Echo(Quiet):
    """Says what it was asked."""

    def do_GET(self) -> None:  # noqa: N802 - the library's name
        said = {"path": self.path, **dict(self.headers)}
        self.answer(200, {"Content-Type": "application/json"}, json.dumps(said).encode())

    do_POST = do_GET  # noqa: N815 - the library's name


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNginx]:
    data: Path = tmp_path_factory.mktemp("data")
    (data / "errors").mkdir()
    (data / "errors" / "503.html").write_text("This does not work at the moment.")
    with (
        serving(Echo) as web,
        running_nginx(
            web=[web.server_port],
            data=data,
            objects="http://127.0.0.1:9",
            balancers=BALANCERS,
            patience=3,
        ) as running,
    ):
        yield running


@pytest.mark.parametrize(
    ("source", "said", "seen"),
    [
        ("127.0.0.2", "198.51.100.7", "198.51.100.7"),
        ("127.0.1.9", "198.51.100.7, 127.0.0.2", "198.51.100.7"),
        ("127.0.0.2", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7", "127.0.0.1"),
        ("127.0.0.3", "198.51.100.7, 127.0.0.2", "127.0.0.3"),
    ],
    ids=["a balancer", "two of them", "a visitor who forges", "nobody's", "nobody's, forged"],
)
def test_visitor_is_who_a_balancer_of_ours_saw(
    nginx: RunningNginx, source: str, said: str, seen: str
) -> None:
    with closing(nginx.line(source)) as line:
        line.request("GET", "/", headers={"X-Forwarded-For": said})
        assert json.loads(line.getresponse().read())["X-Forwarded-For"] == seen


def test_figures_are_at_a_port_of_their_own_alone(nginx: RunningNginx) -> None:
    for path in ("/metrics", "//metrics", "/%6detrics"):
        assert nginx.ask("GET", path, None, {}).status == 404
    for path, status in (("/metrics", 200), ("/", 404), ("/login/", 404)):
        with closing(http.client.HTTPConnection("127.0.0.1", nginx.metrics, timeout=20)) as line:
            line.request("GET", path, headers={"Authorization": "Bearer t"})
            answer = line.getresponse()
            said = answer.read()
        assert (path, answer.status) == (path, status)
        if status == 200:
            asked = json.loads(said)
            assert (asked["path"], asked["Authorization"]) == ("/metrics", "Bearer t")
            assert (asked["Host"], asked["X-Forwarded-For"]) == ("localhost", "127.0.0.1")


def test_who_begins_and_does_not_go_on_holds_200_lines_at_most_and_not_for_long(
    nginx: RunningNginx,
) -> None:
    """Others are answered meanwhile."""
    begun = b"POST /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na"
    ports = {"TLS": nginx.line("127.0.0.4"), "plain": plain_line(nginx)}
    with ExitStack() as lines:
        for _ in range(200):
            line = lines.enter_context(
                socket.create_connection(("127.0.0.1", nginx.plain), 20, ("127.0.0.4", 0))
            )
            line.sendall(begun)
        for port in ports.values():
            lines.enter_context(closing(port)).request("GET", "/health/live")
        assert {name: port.getresponse().status for name, port in ports.items()} == {
            "TLS": 503,
            "plain": 503,
        }
        assert nginx.ask("GET", "/", None, {}).status == 200
        with suppress(ConnectionResetError):
            assert line.recv(1) == b""


def plain_line(nginx: RunningNginx) -> http.client.HTTPConnection:
    source = ("127.0.0.4", 0)
    return http.client.HTTPConnection("localhost", nginx.plain, timeout=20, source_address=source)


@pytest.mark.parametrize(("length", "status"), [(b"1", OK), (b"0", BAD), (b"5", BAD)])
def test_length_in_http_2_is_that_of_what_is_sent(
    nginx: RunningNginx, length: bytes, status: int
) -> None:
    context = ssl.create_default_context(cafile=str(nginx.folder / "certificate.pem"))
    context.set_alpn_protocols(["h2"])
    fields = {
        b":method": b"POST",
        b":scheme": b"https",
        b":path": b"/",
        b":authority": b"localhost",
        b"content-length": length,
    }
    head = b"".join(
        bytes([0, len(name)]) + name + bytes([len(word)]) + word for name, word in fields.items()
    )
    with (
        socket.create_connection(("127.0.0.1", nginx.port), 20) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as line,
    ):
        sent = frame(SETTINGS, 0, b"") + frame(HEADERS, 4, head) + frame(DATA, 1, b"a")
        line.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + sent)
        with line.makefile("rb") as frames:
            while (header := frames.read(9))[3] != HEADERS:
                frames.read(int.from_bytes(header[:3]))
            assert frames.read(1)[0] == status


def frame(kind: int, flags: int, content: bytes) -> bytes:
    """Of the first stream, or of none."""
    stream = 0 if kind == SETTINGS else 1
    return len(content).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + content


def test_configuration_that_was_refused_is_taken_up_by_the_next_run(tmp_path: Path) -> None:
    make_sure_of_programs()
    port = free_port()
    environment = os.environ | {
        "ROOT": str(tmp_path),
        "HTTP_PORT": f"127.0.0.1:{free_port()}",
        "HTTPS_PORT": f"127.0.0.1:{port}",
        "METRICS_PORT": f"127.0.0.1:{free_port()}",
        "SITE_URL": f"https://localhost:{port}",
        **dict.fromkeys(("EMAIL_URL", "DEFAULT_FROM_EMAIL", "SECRETARIAT_EMAIL"), "-"),
    }
    command = ["bash", "-c", CONFIGURE, str(CHECKOUT)]
    spoilt = tmp_path / "etc/nginx/sites-enabled/other.conf"
    spoilt.parent.mkdir(parents=True)
    spoilt.write_text("nonsense;")
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "nginx does not take its configuration" in said.stderr
    spoilt.unlink()
    try:
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        with socket.create_connection(("127.0.0.1", port), 5):
            pass
    finally:
        with suppress(FileNotFoundError):
            os.kill(int((tmp_path / "run/nginx.pid").read_text()), signal.SIGTERM)
