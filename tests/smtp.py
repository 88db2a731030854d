"""A real SMTP server on loopback for the tests of delivery, which answers as it is told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class _Session(socketserver.StreamRequestHandler):
    server: "SMTPServer"

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        with suppress(ConnectionError):  # whoever spoke to us has hung up
            self._converse()

    def _converse(self) -> None:
        self.say("220 here")
        for raw in self.rfile:
            command = raw.decode().strip()
            verb = command.split(" ")[0].upper()
            if self.server.silence is not None and self.server.silent_verb in {"", verb}:
                self.server.is_silent.set()
                self.server.silence.wait(10)
            if (
                verb in {"RCPT", "MAIL"}
                and self.server.refusal
                and verb == self.server.refused_verb
            ):
                self.say(self.server.refusal)
            elif verb == "MAIL":
                self.server.senders.append(command.split("<")[1].split(">")[0])
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                self._take_message()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def _take_message(self) -> None:
        """Once its last line is here; what breaks off before that was never sent."""
        lines: list[bytes] = []
        for raw in self.rfile:
            if raw in {b".\r\n", b".\n"}:
                self.server.messages.append(b"".join(lines).decode())
                self.say("250 taken")
                return
            lines.append(raw)


class SMTPServer(socketserver.ThreadingTCPServer):
    """Keeps what it took in `messages`; `refusal` is what it answers to `refused_verb` instead."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[str] = []
        # Who is told of a failure, of each message.
        self.senders: list[str] = []
        self.refusal = ""
        self.refused_verb = "RCPT"
        # While this is there and not set, no command is answered, or only this one is not.
        self.silent_verb = ""
        # Is set once somebody waits for an answer in vain.
        self.is_silent = threading.Event()
        self.silence: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def smtp_server() -> Iterator[SMTPServer]:
    with SMTPServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
