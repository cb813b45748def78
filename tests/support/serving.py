"""An app of a test, over real HTTP."""

import threading
from collections.abc import Iterator

from flask import Flask
from werkzeug.serving import make_server


def serve(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
