"""HTTP/1.1 with keep-alive, a thread a connection.

Werkzeug's own server closes after every answer, so a client could never show that it keeps its
connection. Headers and body leave in one write and without Nagle's delay, or each call would
cost another 40 ms.
"""

import socket
import socketserver
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from werkzeug.datastructures import Headers

from demo.jira_cloud.traffic.messages import Dropped, Outcome, Request, Response

BODY_LIMIT = 8 * 1024 * 1024
IDLE_SECONDS = 120


Handle = Callable[[Request], Outcome]


class Server(ThreadingHTTPServer):
    """Gives every request to `handle`, which is set before the first one comes."""

    daemon_threads = True
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, host: str, port: int) -> None:
        self.handle: Handle | None = None
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind without the reverse look-up of the parent class, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "StandInJiraCloud"
    sys_version = ""
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: Server

    def serve(self) -> None:
        """Read the request whole, let it be handled, write the answer."""
        size = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not size.isdecimal():
            self.close_connection = True
            self.send_error(411)
            return
        if int(size) > BODY_LIMIT:
            self.close_connection = True
            self.send_error(413)
            return
        body = self.rfile.read(int(size))
        if len(body) < int(size):
            # The client died while sending; half a request does nothing.
            self.close_connection = True
            return
        outcome = self._outcome(body)
        if isinstance(outcome, Dropped):
            self._hang_up()
        else:
            self._write(outcome)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = serve  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Say nothing; the request log has it all."""

    def _outcome(self, body: bytes) -> Outcome:
        assert self.server.handle is not None
        address, port = self.client_address[:2]
        headers = Headers(self.headers.items())
        try:
            return self.server.handle(
                Request(self.command, self.path, headers, body, address, port)
            )
        except Exception:
            # A mistake of ours: shown here, and a plain 500 to the client as anywhere else.
            self.server.handle_error(self.request, self.client_address)
            return Response(500)

    def _write(self, response: Response) -> None:
        data = response.body
        self.send_response_only(response.status)  # its time is that of the world
        self.send_header("Server", self.version_string())
        for name, value in response.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
