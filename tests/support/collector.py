"""A collector of traces, which takes what is sent by OTLP over HTTP."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Collected:
    """Where it is, and what came: by path, each as it was before it was compressed."""

    url: str
    received: list[tuple[str, bytes]] = field(default_factory=list)

    def text(self) -> str:
        """All of it. Its texts stand in it as they are, between lengths and numbers."""
        return "\n".join(body.decode("utf-8", "replace") for _, body in self.received)


@contextmanager
def collecting() -> Iterator[Collected]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name is the library's
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collected.received.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what came."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    collected = Collected(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield collected
    server.shutdown()
    server.server_close()
