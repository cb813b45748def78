"""Planted faults about the status that an issue owes."""

from datetime import datetime
from typing import Any

from app.services.outbound import owed_statuses, transition_choice
from tests.simulation.planted_fault import Fault, replaced


def _at_once(own: Any, now: datetime) -> datetime:
    return now


def _nothing(*_: Any) -> None: ...


FAULTS = (
    Fault("it fights", "two transitions in ten minutes at most (design.md §2.11)",
          replaced(transition_choice, "free_at", _at_once), "statuses"),
    Fault("taken back is sent", "the latest press counts (design.md §2.11)",
          replaced(owed_statuses, "void", _nothing), "statuses"),
    Fault("opened owes nothing", "what was completed before its link owes, too (design.md §2.11)",
          replaced(owed_statuses, "opened", _nothing), "statuses"),
)  # fmt: skip
