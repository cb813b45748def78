"""Planted faults about the status that an issue owes."""

from typing import Any

from app.services.outbound import owed_statuses
from tests.simulation.planted_fault import Fault, replaced


def _nothing(*_: Any) -> None: ...


FAULTS = (
    Fault("taken back is sent", "the latest press counts (design.md §2.11)",
          replaced(owed_statuses, "void", _nothing), "statuses"),
)  # fmt: skip
