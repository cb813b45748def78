"""HTTP/1.1 with keep-alive for a WSGI application, a thread a connection.

Werkzeug's own server closes after every answer, so a client could never show that it keeps its
connection. Headers and body leave in one write and without Nagle's delay, or each call would
cost another 40 ms.
"""

import io
import socket
import socketserver
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from werkzeug.wrappers import Response

from demo.jira_cloud.traffic.exchange import DROP_HEADER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BODY_LIMIT = 8 * 1024 * 1024
IDLE_SECONDS = 120


class Server(ThreadingHTTPServer):
    """Serves one WSGI application."""

    daemon_threads = True
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, host: str, port: int, app: "WSGIApplication | None" = None) -> None:
        self.app = app
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
        """Read the request whole, run the application, write the answer."""
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
        assert self.server.app is not None  # noqa: S101 - set before the first request
        response = Response.from_app(self.server.app, self._environ(body), buffered=True)
        if DROP_HEADER in response.headers:
            self._hang_up()
        else:
            self._write(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = serve  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Say nothing; the request log has it all."""

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        host, port = self.server.server_address[:2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": str(self.client_address[1]),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                environ[f"HTTP_{key}"] = value
        return environ

    def _write(self, response: Response) -> None:
        data = response.get_data()
        self.send_response(response.status_code)
        for name, value in response.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if response.status_code not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
