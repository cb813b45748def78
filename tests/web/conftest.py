"""What the tests of the webhook receiver share."""

import pytest
from flask import Flask

from app.models import JiraConnection
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
