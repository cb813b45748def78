"""Planted faults about what was committed before: carried over, dropped, taken up again."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.hybrid import hybrid_property

from app.models import ActionItem, IssueLink, LinkState, Retrospective, User
from app.services.outbound import dropped, links
from app.services.retrospectives import action_items, carrying, dropping
from tests.simulation.planted_fault import Fault, replaced


def _commit_the_carried_anew(retrospective: Retrospective) -> int:
    """As if what is listed here, too, were another action item."""
    for item in action_items.items_of(retrospective):
        if item.retrospective_id != retrospective.id:
            _forget(links.locked_link(item))
    return _commit(retrospective)


def _commit_the_deleted_again(retrospective: Retrospective) -> int:
    for item in action_items.items_of(retrospective):
        link = links.locked_link(item)
        if link is not None and link.state is LinkState.DELETED:
            _forget(link)
    return _commit(retrospective)


def _forget(link: IssueLink | None) -> None:
    if link is not None and link.created:
        link.close(withdrawn=True)


def _only_its_own(retrospective_id: Any) -> Select[int]:
    return select(ActionItem.id).where(ActionItem.retrospective_id == retrospective_id)


def _deleted_alone(self: ActionItem) -> bool:
    return self.deleted_at is not None


def _is_deleted_alone(cls: type[ActionItem]) -> ColumnElement[bool]:
    return cls.deleted_at.is_not(None)


def _compare_nothing(item: ActionItem) -> None: ...


def _stay_complete(item: ActionItem, by: User) -> bool:
    completed_at = item.completed_at
    taken_up = _undo_drop(item, by)
    item.completed_at = completed_at
    return taken_up


def _carry_for_good(item: ActionItem, retrospective: Retrospective) -> bool:
    return True


_commit = links.commit_action_items
_undo_drop = dropping.undo_drop

FAULTS = (
    Fault("the carried is created anew", "it stays one item with one issue (design.md §2.12)",
          replaced(links, "commit_action_items", _commit_the_carried_anew), "next time"),
    Fault("the deleted is created again", "Commit leaves deleted issues alone (design.md §2.12)",
          replaced(links, "commit_action_items", _commit_the_deleted_again), "next time"),
    Fault("the carried is left out", "Commit creates whatever is listed (design.md §2.12)",
          replaced(links, "ids_listed_in", _only_its_own), "next time"),
    Fault("carried for good", "until Commit carrying over can be undone (design.md §2.12)",
          replaced(carrying, "undo_carry_over", _carry_for_good), "next time"),
    Fault("dropped is not let go", "nothing is sent of what is dropped (design.md §2.12)",
          replaced(ActionItem, "let_go", hybrid_property(_deleted_alone).expression(
              _is_deleted_alone)), "next time"),
    Fault("taken up unseen", "what is taken up is compared (design.md §2.12)",
          replaced(dropped, "go_on", _compare_nothing), "next time"),
    Fault("taken up, closed", "taking up opens it as it was (design.md §2.12)",
          replaced(dropping, "undo_drop", _stay_complete), "next time"),
)  # fmt: skip
