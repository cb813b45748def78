"""What the tests of the webhook's settings share."""

import pytest

from app.models import (
    JiraConnection,
)
from tests.support import acme


@pytest.fixture
def connection(sample) -> JiraConnection:
    return acme.connect_and_choose()
