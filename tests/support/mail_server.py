"""A mail server on a free port: keeps what it accepts, and refuses what a test asks it to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    port: int = 0
    accepted: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # recipients
    refuses_everything: bool = False
    drops_after_data: bool = False  # accepts an e-mail, then never says goodbye
    drops_within_data: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Conversation(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self.recipients: list[str] = []
        self._say("220 mail.test")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if not getattr(self, f"_{verb.lower()}", self._ok)(rest):
                return

    def _ok(self, rest: str) -> bool:
        return self._say("250 ok")

    def _rcpt(self, rest: str) -> bool:
        address = rest.partition("<")[2].partition(">")[0]
        if address in self.server.state.refused:
            return self._say("450 try later")
        self.recipients.append(address)
        return self._say("250 ok")

    def _mail(self, rest: str) -> bool:
        return self._say("421 closed today" if self.server.state.refuses_everything else "250 ok")

    def _data(self, rest: str) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        state = self.server.state
        if state.drops_within_data:
            return False
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        state.accepted.append((self.recipients, message))
        self._say("250 taken")
        return not state.drops_after_data

    def _quit(self, rest: str) -> bool:
        self._say("221 bye")
        return False

    def _say(self, words: str) -> bool:
        self.wfile.write(f"{words}\r\n".encode())
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, state: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.state = state


@contextmanager
def running() -> Iterator[MailServer]:
    state = MailServer()
    with _Server(state) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield state
        server.shutdown()
