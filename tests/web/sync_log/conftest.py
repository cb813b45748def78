"""What the tests of the Sync Log share."""

import pytest

from tests.support.acme import connect_and_choose


@pytest.fixture
def connected(sample: None, app: object) -> None:
    connect_and_choose()
