"""What nginx asks a store for, and what of the answer it passes on, whatever the store says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.nginx import Answer, RunningNginx, running_nginx

PATH = "/files/private/a.pdf?X-Amz-Signature=0a%2F"
REFUSAL = b"<Error><BucketName>files</BucketName></Error>"


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, word in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, word)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class View(Quiet):
    """Allows everything, as a view does behind nginx."""

    def do_GET(self) -> None:
        headers = {
            "X-Accel-Redirect": f"/accel/objects{PATH}",
            "Content-Type": "application/pdf",
            "Content-Disposition": "attachment; filename=statutes.pdf",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "private, no-store",
            "ETag": '"ours"',
        }
        self.answer(200, headers, b"")

    do_HEAD = do_GET  # noqa: N815 - the library's name


class Store(Quiet):
    """A store that says more than it should, and refuses when it is told to."""

    refuses_with = 0

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))  # type: ignore[attr-defined]
        if Store.refuses_with:
            headers = {"Content-Type": "application/xml", "Location": "http://elsewhere.example/"}
            self.answer(Store.refuses_with, headers, REFUSAL)
            return
        headers = {
            "Content-Type": "text/html",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src *",
            "Cache-Control": "public",
            "ETag": '"theirs"',
            "Set-Cookie": "store=1",
            "X-Accel-Redirect": "/accel/private/other",
            "x-amz-request-id": "tx0",
        }
        if "Range" in self.headers:
            self.answer(206, headers | {"Content-Range": "bytes 0-3/9"}, b"%PDF")
        else:
            self.answer(200, headers, b"%PDF-text")

    do_HEAD = do_GET  # noqa: N815 - the library's name


@contextmanager
def serving(handler: type[Quiet]) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def store() -> Iterator[ThreadingHTTPServer]:
    with serving(Store) as server:
        yield server


@pytest.fixture(scope="module")
def nginx(
    store: ThreadingHTTPServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningNginx]:
    data: Path = tmp_path_factory.mktemp("data")
    (data / "errors").mkdir()
    (data / "errors" / "503.html").write_text("This does not work at the moment.")
    with (
        serving(View) as view,
        running_nginx(
            web=[view.server_port], data=data, objects=f"http://127.0.0.1:{store.server_port}"
        ) as running,
    ):
        yield running


@pytest.fixture(autouse=True)
def calm() -> Iterator[None]:
    yield
    Store.refuses_with = 0


def ask(nginx: RunningNginx, method: str = "GET", **headers: str) -> Answer:
    return nginx.ask(method, "/library/files/7/", None, {"Cookie": "session=1", **headers})


def test_store_learns_nothing_of_who_asks(nginx: RunningNginx, store: ThreadingHTTPServer) -> None:
    ask(nginx, Authorization="Basic x", Range="bytes=0-3")
    method, path, headers = store.asked[-1]  # type: ignore[attr-defined]
    assert (method, path) == ("GET", PATH)
    assert headers == {"Host": f"127.0.0.1:{store.server_port}", "Range": "bytes=0-3"}


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-3"}])
def test_bytes_are_the_stores_and_headers_the_portals(
    nginx: RunningNginx, asked: dict[str, str]
) -> None:
    answer = ask(nginx, **asked)
    whole = (200, b"%PDF-text")
    assert (answer.status, answer.content) == ((206, b"%PDF") if asked else whole)
    assert answer.headers["Content-Range"] == ("bytes 0-3/9" if asked else None)
    wanted = {
        "Content-Type": ["application/pdf"],
        "Content-Disposition": ["attachment; filename=statutes.pdf"],
        "Content-Security-Policy": ["sandbox"],
        "Cache-Control": ["private, no-store"],
        "ETag": ['"ours"'],
        "Set-Cookie": None,
        "x-amz-request-id": None,
        "X-Accel-Redirect": None,
    }
    assert {name: answer.headers.get_all(name) for name in wanted} == wanted


def test_head_asks_for_no_bytes(nginx: RunningNginx) -> None:
    answer = ask(nginx, "HEAD")
    assert (answer.status, answer.headers["Content-Length"], answer.content) == (200, "9", b"")


@pytest.mark.parametrize(
    ("refusal", "status"), [(301, 503), (403, 503), (404, 404), (416, 416), (429, 503), (500, 503)]
)
def test_what_the_store_says_of_itself_is_not_passed_on(
    nginx: RunningNginx, refusal: int, status: int
) -> None:
    Store.refuses_with = refusal
    answer = ask(nginx)
    assert answer.status == status
    assert b"BucketName" not in answer.content
    assert answer.headers["Location"] is None
    if status == 503:
        assert answer.content == b"This does not work at the moment."


def test_no_address_leads_to_the_store(nginx: RunningNginx, store: ThreadingHTTPServer) -> None:
    before = len(store.asked)  # type: ignore[attr-defined]
    for path in (f"/accel/objects{PATH}", f"//accel//objects{PATH}", f"/accel/%6fbjects{PATH}"):
        assert nginx.ask("GET", path, None, {}).status == 404
    assert len(store.asked) == before  # type: ignore[attr-defined]
