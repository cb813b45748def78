"""A listener for webhooks, on a port of its own."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One delivery as it came."""

    headers: dict[str, str]
    body: dict[str, Any]


class Receiver:
    """Answers with the statuses given to it in turn, then with 204.

    With a barrier in `together` nobody is answered before so many have come.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: list[int] = []
        self.together: threading.Barrier | None = None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_port}/webhooks/jira"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Keep the delivery and answer it."""
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.received.append(Received(dict(handler.headers), body))
        if self.together:
            self.together.wait(timeout=10)
        handler.send_response(self.answers.pop(0) if self.answers else 204)
        handler.end_headers()

    def stop(self) -> None:
        """Free the port."""
        self._server.shutdown()
        self._server.server_close()
