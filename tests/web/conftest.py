"""What tests of several pages share."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.models import JiraConnection
from app.services.backfill import runs
from tests.support.acme import connect
from tests.support.webhook_posts import Poster, registered


@pytest.fixture
def connection(sample: None, app: Flask) -> JiraConnection:
    """Acme's, with a webhook."""
    row = connect()
    registered(row)
    return row


@pytest.fixture
def post(app: Flask) -> Poster:
    return Poster(app)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app on a port of its own, in this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five at once, ten with the engine."""
    monkeypatch.setattr(runs, "SLICE", 5)
    monkeypatch.setattr(runs, "MOST_UNSETTLED", 10)
