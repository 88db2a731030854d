"""A real IMAP server on loopback with one mailbox: as much of RFC 3501 as reading it takes."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class _Session(socketserver.StreamRequestHandler):
    server: "IMAPServer"

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def handle(self) -> None:
        self.say(b"* OK here")
        for raw in self.rfile:
            tag, _, command = raw.strip().partition(b" ")
            verb = command.upper()
            self.server.heard.append(command)
            if verb.startswith(b"LOGIN") and self.server.password not in command:
                self.say(tag + b" NO wrong password")
                continue
            self._answer(command)
            self.say(tag + b" OK done")
            if verb == b"LOGOUT":
                return

    def _answer(self, command: bytes) -> None:
        box = self.server
        if command == b"CAPABILITY":
            self.say(b"* CAPABILITY IMAP4rev1")
        elif command.startswith(b"SELECT"):
            self.say(b"* %d EXISTS" % len(box.messages))
        elif command.startswith(b"UID SEARCH"):
            unseen = [number for number in box.messages if number not in box.flags]
            self.say(b"* SEARCH " + b" ".join(b"%d" % number for number in unseen))
        elif found := re.match(rb"UID FETCH (\d+) .*<0\.(\d+)>", command):
            text = box.messages[int(found[1])][: int(found[2])]
            self.say(b"* 1 FETCH (UID %s BODY[]<0> {%d}" % (found[1], len(text)))
            self.wfile.write(text)
            self.say(b")")
        elif found := re.match(rb"UID STORE (\d+) \+FLAGS \((\S+)\)", command):
            box.flags[int(found[1])] = found[2].decode()
        elif command == b"EXPUNGE":
            for number in [key for key, flag in box.flags.items() if flag == r"\Deleted"]:
                del box.messages[number]


class IMAPServer(socketserver.ThreadingTCPServer):
    """`messages` by number; `flags` of those that were read or deleted; `heard`: each command.

    With a key and its certificate in `pem` it speaks TLS from the first byte on.
    """

    allow_reuse_address = True
    daemon_threads = True
    password = b"s3cret"

    def __init__(self, pem: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        if pem:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.heard: list[bytes] = []
        self.messages: dict[int, bytes] = {}
        self.flags: dict[int, str] = {}

    @property
    def url(self) -> str:
        return f"imap://bounces:s3cret@127.0.0.1:{self.server_address[1]}/INBOX"


@contextmanager
def imap_server(pem: Path | None = None) -> Iterator[IMAPServer]:
    with IMAPServer(pem) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
