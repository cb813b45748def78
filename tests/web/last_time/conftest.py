"""What tests of *Last time* share: Sprint 14 was committed two weeks ago, and Sprint 15 is held."""

import pytest

from app.models import Retrospective
from tests.support.carried import committed_before, next_one


@pytest.fixture
def before(app, sample) -> Retrospective:
    return committed_before()


@pytest.fixture
def later(before) -> Retrospective:
    return next_one()
