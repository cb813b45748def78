"""Planted faults about the active sprint that comes after the create."""

from typing import Any

from app.drain import late_sprints
from app.services.outbound import owed_sprints
from tests.simulation.planted_fault import Fault, replaced


def _owe_nothing(*_: Any) -> None: ...


def _whatever_it_is_in(current: Any, client: Any, each: Any, number: int, found: Any) -> bool:
    return late_sprints._send(current, client, each, number)


FAULTS = (
    Fault("a sprint is not looked for", "the active sprint may come later (design.md §2.10)",
          replaced(owed_sprints, "owe", _owe_nothing), "sprints"),
    Fault("a sprint is taken away", "where somebody put it, there it stays (design.md §2.10)",
          replaced(late_sprints, "_settle", _whatever_it_is_in), "sprints"),
)  # fmt: skip
