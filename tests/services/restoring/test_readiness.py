"""Whether a connection on hold may be let go, and what it waits for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.models import Adoption, JiraConnection
from app.models.obstacles import Obstacle
from app.services.restoring.readiness import Waits, waits_for

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
CURRENT: dict[str, Any] = {"generation": 2, "quiet_looks": 0, "failures": 0, "unseen_projects": []}
FINISHED = {"finished_at": NOW, "quiet_looks": 2}


@pytest.mark.parametrize(
    ("values", "obstacle", "waits"),
    [
        (FINISHED, None, None),
        (FINISHED, Obstacle.PAUSE, None),
        (FINISHED, Obstacle.CONNECTION, Waits.CONNECTION),
        (FINISHED | {"generation": 1}, None, Waits.SEARCH),
        ({}, None, Waits.SEARCH),
        ({}, Obstacle.PLAN, Waits.PLAN),
        ({}, Obstacle.CONNECTION, Waits.CONNECTION),
        ({"failures": 1}, None, Waits.ANSWER),
        ({"failures": 1, "generation": 1}, None, Waits.SEARCH),
        ({"quiet_looks": 1, "unseen_projects": ["PLAT"]}, None, Waits.SEARCH),
        ({"quiet_looks": 2, "unseen_projects": ["PLAT"]}, None, Waits.VIEW),
    ],
)
def test_what_it_waits_for(values, obstacle, waits):
    adoption = Adoption(**CURRENT | values)

    assert waits_for(JiraConnection(generation=2), adoption, obstacle) is waits
