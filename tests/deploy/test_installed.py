"""What `deploy/install.sh` makes of a machine, asked over HTTPS as a browser does."""

import gzip
import os
import re
import signal
import socket
import ssl
import stat
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import brotli
import pytest

from tests.deploy.installation import HOST, PAPER, Answer, Installation, as_person, wait_until

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.timeout(900)]

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FOR_GOOD = "public, max-age=31536000, immutable"
CLOSED = "sandbox; default-src 'none'"


def sheet(installed: Installation) -> str:
    found = re.search(rb"/static/css/site\.[0-9a-f]{12}\.css", installed.ask("/login/").body)
    assert found
    return found[0].decode()


def test_portal_answers_over_tls_and_nowhere_else(installed: Installation) -> None:
    answer = installed.ask("/login/")
    assert answer.status == 200
    assert b"Password" in answer.body
    assert answer.headers["Server"] == "nginx"
    assert answer.headers.get_all("Strict-Transport-Security") == [
        "max-age=31536000; includeSubDomains; preload"
    ]
    acme = installed.root / "var/www/acme/.well-known/acme-challenge"
    acme.mkdir(parents=True)
    (acme / "token").write_text("token.account")
    challenge = installed.ask("/.well-known/acme-challenge/token", tls=False)
    assert (challenge.status, challenge.body) == (200, b"token.account")
    plain = installed.ask("/library/?q=rain", {"X-Forwarded-Proto": "https"}, tls=False)
    assert plain.status == 301
    assert plain.headers["Location"] == f"https://{HOST}:{installed.https}/library/?q=rain"
    for tls in (True, False):
        ready = installed.ask("/health/ready", tls=tls)
        assert (ready.status, b'"ok"' in ready.body) == (200, True)


def test_other_names_get_no_answer(installed: Installation) -> None:
    with pytest.raises(ssl.SSLError), installed.line(name="elsewhere.example.org"):
        pass
    for tls in (True, False):
        with installed.line(tls=tls) as connection:
            connection.request("GET", "/", headers={"Host": "elsewhere.example.org"})
            with pytest.raises((ConnectionError, OSError)):
                connection.getresponse()


def test_secrets_are_for_root_and_code_is_for_nobody_to_change(installed: Installation) -> None:
    for name in ("environment", "owner"):
        found = (installed.root / "etc/alliance" / name).stat()
        assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (0, 0o600)
    code = installed.root / "srv/alliance/current"
    assert {path.stat().st_uid for path in code.rglob("*")} == {0}
    assert "no issues" in installed.first_words  # of `check`: also that there are two roles


def test_sheets_travel_by_brotli_and_are_kept_for_good(installed: Installation) -> None:
    path = sheet(installed)
    plain = installed.ask(path)
    packed = installed.ask(path, {"Accept-Encoding": "gzip, br"})
    zipped = installed.ask(path, {"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.body) == gzip.decompress(zipped.body) == plain.body
    assert len(packed.body) < len(zipped.body) < len(plain.body)
    for answer in (plain, packed, zipped):
        assert answer.headers["Content-Type"] == "text/css"
        assert answer.headers["Cache-Control"] == FOR_GOOD
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    without_hash = installed.ask("/static/css/site.css")
    assert (without_hash.status, without_hash.headers["Cache-Control"]) == (
        200,
        "public, max-age=60",
    )


def test_private_file_goes_to_its_people_alone(
    installed: Installation, rows: dict[str, str]
) -> None:
    wait_until(
        lambda: installed.ask(rows["paper"], as_person(rows, "owner")).status == 200, seconds=60
    )
    answer = installed.ask(rows["paper"], as_person(rows, "owner"))
    assert answer.body == PAPER
    assert answer.headers["Content-Disposition"] == 'attachment; filename="our statutes.pdf"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"] == CLOSED
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "X-Accel-Redirect" not in answer.headers
    assert installed.ask(rows["paper"], as_person(rows, "stranger")).status == 404
    assert installed.ask(rows["paper"]).status == 302


def test_no_address_leads_into_the_folders(installed: Installation, rows: dict[str, str]) -> None:
    name = rows["paper_file"]
    for address in (
        f"/accel/private/{name}",
        f"/accel/private//{name}",
        f"/accel/%70rivate/{name}",
        f"/private/{name}",
        f"/media/{name}",
        f"/media/../private/{name}",
        f"/static../private/{name}",
        f"/static/../private/{name}",
        f"/static/..%2fprivate/{name}",
        f"/static/%2e%2e/private/{name}",
        "/static/../trail_seal",
        "/413.html",
    ):
        for headers in ({}, as_person(rows, "owner")):
            forged = {"X-Accel-Redirect": f"/accel/private/{name}"}
            answer = installed.ask(address, headers | forged)
            assert (address, answer.status in {400, 404}) == (address, True)


def test_pdf_leaves_by_nginx_with_what_the_portal_said(
    installed: Installation, rows: dict[str, str]
) -> None:
    whole = installed.ask(rows["pdf"])
    assert (whole.status, len(whole.body)) == (200, int(rows["pdf_size"]))
    assert whole.headers["ETag"] == rows["etag"]
    assert whole.headers["Cache-Control"] == FOR_GOOD
    assert whole.headers["Content-Security-Policy"] == CLOSED
    assert whole.headers["Content-Type"] == "application/pdf"
    assert "reading-the-rain-en.pdf" in whole.headers["Content-Disposition"]
    assert "rel=" in whole.headers["Link"]
    modified = whole.headers["Last-Modified"]

    for condition in ({}, {"If-Range": rows["etag"]}, {"If-Range": modified}):
        part = installed.ask(rows["pdf"], {"Range": "bytes=10-19"} | condition)
        assert (part.status, part.body) == (206, whole.body[10:20])
        assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body)}"
        assert part.headers["ETag"] == rows["etag"]
    for condition in ({"If-None-Match": rows["etag"]}, {"If-Modified-Since": modified}):
        assert installed.ask(rows["pdf"], condition).status == 304
    for headers in (
        {"Range": "bytes=0-1,5-6"},
        {"Range": "bytes=0-9", "If-Range": '"another"'},
        {"If-Match": rows["etag"]},
    ):
        assert installed.ask(rows["pdf"], headers).body == whole.body
    assert installed.ask(rows["pdf"], {"Range": "bytes=99999999-"}).status == 416
    head = installed.ask(rows["pdf"], method="HEAD")
    assert (head.headers["Content-Length"], head.body) == (str(len(whole.body)), b"")


def test_portal_itself_sends_none_of_the_bytes(
    installed: Installation, rows: dict[str, str]
) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(installed.root / "run/alliance.sock"))
        line.sendall(
            f"GET {rows['pdf']} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-For: 192.0.2.1\r\n"
            "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n".encode()
        )
        head, _, body = b"".join(iter(lambda: line.recv(2**16), b"")).partition(b"\r\n\r\n")
    assert f"X-Accel-Redirect: /accel/private/{rows['pdf_file']}".encode() in head
    assert body == b""


def test_address_that_a_visitor_claims_to_have_counts_for_nothing(
    installed: Installation, rows: dict[str, str]
) -> None:
    before = installed.query("SELECT key FROM knowledge_recentdownload")
    for claimed in ("192.0.2.7", "198.51.100.9, 192.0.2.8"):
        headers = {"User-Agent": BROWSER, "X-Forwarded-For": claimed, "X-Real-IP": claimed}
        answer = installed.ask(rows["pdf"], headers)
        assert answer.status == 200
    # Two people would have two keys; the second click of one within 30 seconds does not count.
    counted = installed.query("SELECT key, requests FROM knowledge_recentdownload")
    assert [requests for key, requests in counted if (key,) not in before] == [1]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/login/", 16),
        ("/uploads/0c7fae3e-2b5f-4f4a-9b0e-000000000000/append/", 8),
        ("/apply/", 56),
    ],
)
def test_body_above_the_limit_is_refused_before_it_is_sent(
    installed: Installation, path: str, most: int
) -> None:
    with installed.line() as connection:
        connection.putrequest("POST", path, skip_host=True)
        connection.putheader("Host", HOST)
        connection.putheader("Content-Length", str(most * 2**20 + 1))
        connection.endheaders()
        answer = connection.getresponse()
        page = answer.read().decode()
    assert answer.status == 413
    assert "This file is too large" in page
    assert sheet(installed) in page


def slow_form(installed: Installation) -> Iterator[Answer | None]:
    """Sends a form whose middle is late: yields once it is under way, then the answer."""
    page = installed.ask("/register/")
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
    assert token
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n' + token[1],
        b'\r\n--x\r\nContent-Disposition: form-data; name="first_name"\r\n\r\nThandi',
        b"we\r\n--x--\r\n",
    ]
    with installed.line() as connection:
        connection.putrequest("POST", "/register/", skip_host=True)
        for name, value in {
            "Host": f"{HOST}:{installed.https}",
            "Origin": f"https://{HOST}:{installed.https}",
            "Cookie": cookie,
            "Content-Type": "multipart/form-data; boundary=x",
            "Content-Length": str(sum(map(len, parts))),
        }.items():
            connection.putheader(name, value)
        connection.endheaders(parts[0] + parts[1])
        time.sleep(1)
        yield None
        connection.send(parts[2])
        answer = connection.getresponse()
        yield Answer(answer.status, answer.headers, answer.read())


def test_request_that_is_under_way_is_finished_when_its_process_is_asked_to_stop(
    installed: Installation,
) -> None:
    form = slow_form(installed)
    next(form)
    before = installed.pids()
    for name, pid in before.items():
        if name.startswith("alliance-web"):
            os.kill(pid, signal.SIGTERM)
    time.sleep(2)
    answer = next(form)
    assert answer
    assert answer.status == 200
    assert b'value="Thandiwe"' in answer.body
    wait_until(lambda: all_new(installed, before, "alliance-web"), seconds=60)


def test_what_is_killed_comes_back_while_the_other_process_answers(
    installed: Installation,
) -> None:
    wait_until(lambda: len(installed.pids()) == 4, seconds=60)
    wait_until(lambda: installed.ask("/health/ready").status == 200, seconds=60)
    before = installed.pids()
    killed = ("alliance-web:1", "alliance-worker")
    with asked_all_the_while(installed) as answers:
        for name in killed:
            os.kill(before[name], signal.SIGKILL)
        wait_until(lambda: all_new(installed, before, *killed), seconds=60)
    assert set(answers) == {200}
    assert installed.pids()["alliance-web:2"] == before["alliance-web:2"]


def test_who_watches_hears_of_the_worker_and_has_figures_by_the_token_that_was_made(
    installed: Installation,
) -> None:
    wait_until(lambda: installed.ask("/health/work").status == 200, seconds=60)
    address = f"http://127.0.0.1:{installed.metrics}/metrics"
    token = {"Authorization": f"Bearer {installed.variable('METRICS_TOKEN')}"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=token)) as answer:
        assert b"alliance_worker_age_seconds" in answer.read()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address)


def test_second_run_changes_nothing(installed: Installation) -> None:
    wait_until(lambda: len(installed.pids()) == 4, seconds=60)
    files = states(installed)
    before = installed.pids()
    said = installed.install()
    assert "Nothing had to be changed." in said
    assert states(installed) == files
    assert installed.pids() == before


@contextmanager
def asked_all_the_while(installed: Installation) -> Iterator[list[int]]:
    """What a visitor gets who asks again and again, from before the block until after it."""
    answers: list[int] = []
    stopping = threading.Event()

    def ask() -> None:
        while not stopping.wait(0.05):
            try:
                answers.append(installed.ask("/login/").status)
            except (OSError, ValueError):
                answers.append(0)

    asking = threading.Thread(target=ask)
    asking.start()
    wait_until(lambda: answers, seconds=20)
    try:
        yield answers
    finally:
        stopping.set()
        asking.join()


def all_new(installed: Installation, before: dict[str, int], *names: str) -> bool:
    """Whether all programs whose names begin so run, each as another process than before."""
    now = installed.pids()
    wanted = [name for name in before if name.startswith(names)]
    return all(name in now and now[name] != before[name] for name in wanted)


def states(installed: Installation) -> dict[str, tuple[int, int, int]]:
    """Every file that the script makes, with its owner, its mode and when it was changed."""
    return {
        str(path): (path.stat().st_uid, path.stat().st_mode, path.stat().st_mtime_ns)
        for part in ("etc", "srv", "usr")
        for path in (installed.root / part).rglob("*")
        if path.is_file() and not path.is_symlink()
    }
