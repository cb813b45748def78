"""This test's own app beside a running installation: on its database, its Redis and its Jira."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from app import create_app
from app.extensions import db
from config import from_environment
from demo import environment
from demo.jira_cloud.control.remote import RemoteControl
from tests.support.connected import Acme
from tests.support.installation import Installation


@contextmanager
def beside(installation: Installation) -> Iterator[Acme]:
    """Look at, and arrange, what the installation's processes work on."""
    settings = environment.build(
        installation.environment, installation.instance, installation.port, installation.jira_port
    )
    app = create_app(from_environment(settings))
    jira = SimpleNamespace(url=installation.jira_url, control=RemoteControl(installation.jira_url))
    with app.app_context():
        yield Acme(jira)  # type: ignore[arg-type]
        db.session.remove()
        db.engine.dispose()
    app.extensions["redis"].close()
