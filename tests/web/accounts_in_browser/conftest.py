"""An installation at an address of its own: with a mail server, an identity provider and a Jira
that know it, and without the demo's short ways in."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.extensions import db
from tests.support import identity_provider, mail_server, settings
from tests.support.identity_provider import IdentityProvider
from tests.support.invited import LINK
from tests.support.mail_server import MailServer

if TYPE_CHECKING:
    from demo.jira_cloud.server import RunningJiraCloud


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """The app has to know its port before it is there; nobody else may take it meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door


@pytest.fixture
def port(listening: socket.socket) -> int:
    return int(listening.getsockname()[1])


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server.running() as server:
        yield server


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with identity_provider.running() as running:
        yield running


@pytest.fixture
def jira(port: int) -> "Iterator[RunningJiraCloud]":
    from demo.jira_cloud.server import start

    running = start(
        client_id=settings.CLIENT_ID,
        client_secret=settings.CLIENT_SECRET,
        redirect_uris=[f"http://localhost:{port}/integrations/jira/callback"],
    )
    yield running
    running.stop()


@pytest.fixture
def environment(port: int, mails: MailServer, provider: IdentityProvider) -> dict[str, str]:
    return {
        "PUBLIC_URL": f"http://localhost:{port}",
        "SMTP_URL": mails.url,
        "MAIL_FROM": "unpack@unpack.test",
        "UNPACK_DEMO": "0",
        **provider.settings,
    }


@pytest.fixture
def url(listening: socket.socket, port: int, app: Flask, sample: None) -> Iterator[str]:
    """The app with the sample organizations, over HTTP."""
    db.session.commit()
    server = make_server("127.0.0.1", port, app, threaded=True, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def mailed_link(url: str, mails: MailServer, work: Callable[[], object]) -> Callable[[str], str]:
    """Gives the address that stands in the newest e-mail to somebody."""

    def link(email: str) -> str:
        work()
        bodies = [
            body.get_content()
            for recipients, message in mails.accepted
            if email in recipients and (body := message.get_body(("plain",)))
        ]
        [found] = LINK.findall(bodies[-1])
        assert url + found in bodies[-1]
        return url + found

    return link
