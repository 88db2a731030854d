"""Sends logos to a running portal, at a given speed; a program of its own, so that what it costs
does not count as the portal's.

    python sender.py URL form|parts BYTES BYTES_A_SECOND COUNT PICTURE

BYTES_A_SECOND 0 is as fast as it goes. Each of COUNT logos comes from a network address of its
own. The last line printed is a list of what the portal said to each, as JSON.
"""

import http.client
import json
import re
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

MB = 2**20
PIECE = 64 * 1024
BOUNDARY = "a-boundary-that-no-picture-holds"


@dataclass
class Line:
    """One connection after the other to the portal, at a given speed."""

    url: str
    address: str
    bytes_a_second: int
    cookie: str = ""

    def ask(
        self, method: str, path: str, length: int, body: Iterator[bytes], headers: dict[str, str]
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=600)
        connection.putrequest(method, path)
        sent = {"X-Forwarded-For": self.address, "Cookie": self.cookie} | headers
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        began, done = time.monotonic(), 0
        for piece in body:
            connection.send(piece)
            done += len(piece)
            if self.bytes_a_second:
                time.sleep(max(0, began + done / self.bytes_a_second - time.monotonic()))
        answer = connection.getresponse()
        text = answer.read().decode()
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        connection.close()
        return answer.status, text


def padded(picture: bytes, size: int) -> Iterator[bytes]:
    """The PNG with parts of at most 1 MB behind its header that no decoder needs: `size` bytes."""
    yield picture[:33]
    rest = size - len(picture)
    while rest:
        length = min(MB, rest - 12)
        if 0 < rest - 12 - length < 12:
            length -= 12
        body = b"pADd" + bytes(length)
        yield struct.pack(">I", length) + body + struct.pack(">I", zlib.crc32(body))
        rest -= length + 12
    yield picture[33:]


def in_pieces(content: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of so many."""
    rest = b""
    for piece in content:
        rest += piece
        while len(rest) >= size:
            yield rest[:size]
            rest = rest[size:]
    if rest:
        yield rest


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match, page[:500]
    return match[1]


def send_with_form(line: Line, page: str, content: Iterator[bytes], size: int) -> str:
    """What stands beside the logo after a form that lacks all the rest."""
    token = found(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}'
        f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n'
        f"Content-Type: image/png\r\n\r\n"
    ).encode()
    end = f"\r\n--{BOUNDARY}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        yield from in_pieces(content, PIECE)
        yield end

    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    status, page = line.ask("POST", "/register/", len(head) + size + len(end), body(), kind)
    if status == 200 and "logo-held" in page:
        return "kept"
    error = re.search(r'id="id_logo-error">(.*?)</p>', page, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", error[1]) if error else f"{status} {page[:200]}"
    return " ".join(text.split())


def send_in_parts(line: Line, page: str, content: Iterator[bytes], size: int) -> str:
    token = {"X-CSRFToken": found(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)}
    data = urlencode({"ticket": found(r'data-ticket="([^"]+)"', page), "name": "a", "size": size})
    form = {"Content-Type": "application/x-www-form-urlencoded"} | token
    status, text = line.ask("POST", "/uploads/", len(data), iter([data.encode()]), form)
    state = json.loads(text)
    if status != 201:
        return str(state["refused"])
    part_size = min(4 * MB, 2 * line.bytes_a_second or 4 * MB)
    offset = 0
    for part in in_pieces(content, part_size):
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"} | token
        pieces = in_pieces(iter([part]), PIECE)
        status, text = line.ask("POST", f"{state['address']}append/", len(part), pieces, headers)
        if status != 200:
            return f"{status} {text[:200]}"
        offset += len(part)
    while True:
        status, text = line.ask("POST", f"{state['address']}finish/", 0, iter(()), token)
        if status == 200:
            return "kept"
        if status != 429:
            return f"{status} {text[:200]}"
        time.sleep(1)


def main() -> None:
    url, way, size, bytes_a_second, count, picture = sys.argv[1:]

    def send(number: int) -> str:
        network = {"form": 18, "parts": 19}[way] if int(bytes_a_second) else 20
        line = Line(url, f"198.{network}.0.{number}", int(bytes_a_second))
        page = line.ask("GET", "/register/", 0, iter(()), {})[1]
        content = padded(Path(picture).read_bytes(), int(size))
        ways = {"form": send_with_form, "parts": send_in_parts}
        return ways[way](line, page, content, int(size))

    with ThreadPoolExecutor(int(count)) as pool:
        print(json.dumps(list(pool.map(send, range(int(count))))))


if __name__ == "__main__":
    main()
