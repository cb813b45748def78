"""What tests of the hour's points share."""

import pytest
from flask import Flask

from app.models import JiraConnection
from tests.support.acme import connect


@pytest.fixture
def connection(sample: None, app: Flask) -> JiraConnection:
    """Acme's."""
    return connect()
