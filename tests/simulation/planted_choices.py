"""Planted faults about what admins choose beside the project."""

from contextlib import ExitStack
from typing import Any
from unittest import mock

from sqlalchemy import false

from app.models import JiraConnection, obstacles
from tests.simulation.planted_fault import Fault, enter


def _no_pause(stack: ExitStack) -> None:
    """Paused or not: asked of a row, and as a condition of a query."""

    def never(_: Any, connection: Any, __: Any) -> Any:
        return false() if connection is JiraConnection else False

    changed = {obstacles.Obstacle.SUSPENSION: never}
    enter(stack, mock.patch.dict(obstacles._RULES, changed))


FAULTS = (
    Fault("sends in a pause", "nothing leaves while syncing is paused (design.md §2.8)",
          _no_pause, "pauses"),
)  # fmt: skip
