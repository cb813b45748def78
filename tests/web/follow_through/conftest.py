"""Follow-through counts days by an organization's clock: so does what is counted by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def at_noon() -> Iterator[None]:
    """Today, at an hour at which it is the same day for everybody: late in the evening an action
    item of so many times 24 hours ago is of another day, and summer time moves it once more."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    with time_machine.travel(noon):
        yield
