"""Lines that no browser has: they drip, are of weak TLS, or leave open where a request ends."""

import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.nginx import RunningNginx, running_nginx
from tests.rules.workers import two_workers

# The web process wants the database of the tests, which is made where a test is marked so.
pytestmark = pytest.mark.django_db

OF_ONE, OF_ALL = 24, 48  # as deploy/nginx/sending.conf says
LEAST = "ECDHE-ECDSA-AES128-GCM-SHA256"
BEST = "ECDHE-ECDSA-AES256-GCM-SHA384"
HEAD = b"POST /register/ HTTP/1.1\r\nHost: localhost\r\n"
DRIP = HEAD + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x"
SMUGGLED = b"GET /smuggled/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
OPEN_ENDS = {
    "a length and chunks": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED),
    "a length that is no number": b"Content-Length: +0\r\n\r\n",
    "a chunk without a size": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "an unknown encoding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n",
}


@dataclass
class Portal:
    """One web process of 64 threads, to which all lines come, and nginx before it."""

    nginx: RunningNginx
    web: int  # the port

    def line(self, context: ssl.SSLContext, source: str = "127.0.0.1") -> ssl.SSLSocket:
        raw = socket.create_connection(("127.0.0.1", self.nginx.port), 20, (source, 0))
        return context.wrap_socket(raw, server_hostname="localhost")

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.nginx.folder / "certificate.pem"))


@pytest.fixture(scope="module")
def portal(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    data: Path = tmp_path_factory.mktemp("data")
    (data / "errors").mkdir()
    (data / "errors" / "503.html").write_text("This does not work at the moment.")
    with two_workers(WEB_WORKERS="1") as url:
        web = urlsplit(url).port
        assert web
        with running_nginx(web=[web], data=data, objects="http://127.0.0.1:9") as nginx:
            yield Portal(nginx, web)


@pytest.mark.parametrize(
    ("sources", "each", "held"),
    [(["127.0.0.9"], 195, OF_ONE), ([f"127.0.0.{10 + n}" for n in range(5)], 39, OF_ALL)],
    ids=["of one address", "of several"],
)
def test_lines_that_drip_leave_threads_for_everybody_else(
    portal: Portal, sources: list[str], each: int, held: int
) -> None:
    context = portal.trusting()
    with ExitStack() as open_lines:
        lines = []
        for _ in range(each):
            for source in sources:
                lines.append(open_lines.enter_context(portal.line(context, source)))
                lines[-1].sendall(DRIP)
        begun = time.monotonic()
        assert portal.nginx.ask("GET", "/health/live", None, {}).status == 200
        assert portal.nginx.ask("GET", "/register/", None, {}).status == 200
        assert time.monotonic() - begun < 15
        assert refused(lines) == len(lines) - held


def refused(lines: list[ssl.SSLSocket]) -> int:
    """How many have been told that there is no room, while the others are waited for."""
    found = 0
    for line in lines:
        line.settimeout(0.01)
        with suppress(TimeoutError):
            found += line.recv(12) == b"HTTP/1.1 503"
    return found


def test_old_version_of_tls_is_refused(portal: Portal) -> None:
    context = portal.trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
        portal.line(context)


def test_weak_cipher_is_refused_and_the_strongest_preferred(portal: Portal) -> None:
    context = portal.trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{LEAST}:{BEST}")
    with portal.line(context) as line:
        assert line.cipher() == (BEST, "TLSv1.2", 256)
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        portal.line(context)


@pytest.mark.parametrize("end", OPEN_ENDS.values(), ids=OPEN_ENDS)
@pytest.mark.parametrize("server", ["nginx", "gunicorn"])
def test_request_whose_end_is_not_clear_is_the_last_of_its_line(
    portal: Portal, server: str, end: bytes
) -> None:
    """Nothing that follows is taken for a request of its own. The portal refuses some by their head,
    before the web server has read on.
    """
    with (
        portal.line(portal.trusting())
        if server == "nginx"
        else socket.create_connection(("127.0.0.1", portal.web), 20)
    ) as line:
        line.sendall(HEAD + end + SMUGGLED)
        said = b"".join(iter(lambda: line.recv(65536), b""))
    *before, last = re.findall(rb"HTTP/1\.1 (\d+)", said)
    assert last in {b"400", b"501"}
    assert before in ([], [b"403"])
