"""Planted faults about issues that people choose, and create themselves."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from sqlalchemy import true

from app.models import ActionItem, IssueLink
from app.services.fields.table import BY_ID
from app.services.linking import belonging, chosen_snapshot, held, unmarked
from app.services.outbound import links
from app.services.work import due_links
from tests.simulation.database import Memory
from tests.simulation.planted_fault import Fault, both, replaced


def _nobodys(*_: Any) -> belonging.Whose:
    return belonging.Whose.NOBODYS


def _may_always(*_: Any) -> bool:
    return True


def _without_its_index(self: Memory) -> None:
    """An issue may belong to several action items, as far as the database goes."""
    _begin_anew(self)
    self._connect().execute("DROP INDEX uq_issue_link_issue")


def _all_differs(*arguments: Any) -> dict[str, Any]:
    return chosen_snapshot.as_changed_here(_first_snapshot(*arguments), BY_ID)


def _is_held(item: ActionItem) -> IssueLink | None:
    """Whatever may be under way."""
    return links.locked_link(item)


def _unlink_anyway(item: ActionItem) -> None:
    if link := links.locked_link(item):
        link.close()


_begin_anew = Memory.begin_anew
_first_snapshot = chosen_snapshot.first_snapshot
_anybodys: Callable[[ExitStack], None] = replaced(belonging, "whose_is", _nobodys)

FAULTS = (
    Fault("marks are overwritten", "what an issue says of whose it is, stays (design.md §3.7)",
          both(_anybodys, replaced(unmarked, "may_be_marked", _may_always)), "linking"),
    Fault("two share an issue", "an issue belongs to one action item (design.md §3.7)",
          both(_anybodys, replaced(Memory, "begin_anew", _without_its_index)), "linking"),
    Fault("what differs goes out", "a link overwrites nothing (design.md §3.7)",
          both(replaced(chosen_snapshot, "first_snapshot", _all_differs),
               replaced(unmarked.Unmarked, "edited", property(_may_always))), "linking"),
    Fault("unknown is linked", "what may have been created is not linked (design.md §3.7)",
          both(replaced(held, "hold_free", _is_held), replaced(links, "unlink", _unlink_anyway)),
          "linking"),
    Fault("created beside somebody", "nothing is created while somebody does (design.md §3.8)",
          replaced(due_links, "_nobody_creates_it", lambda now: true()), "linking"),
)  # fmt: skip
