"""What happens to people's words here: only people change them, or Jira where that is wanted."""

from datetime import date
from typing import Any

from tests.simulation.auditor.choices import Choices
from tests.simulation.auditor.linking import Linking
from tests.simulation.auditor.memory import OURS, Issue, Item, Memory, Rows
from tests.simulation.auditor.statuses import CLOCKS

ITEMS = (
    "SELECT id, title, description, assignee_id, due_on, completed_at, completed_in"
    " FROM action_item"
)
GONE = (
    "SELECT action_item_id AS item, public_id AS link FROM issue_link"
    " WHERE active AND state = 'deleted'"
)


class Inward(Choices, Linking):
    """Compares rows with what people meant."""

    memory: Memory
    rows: Rows

    def look(self) -> None:
        """After every step that may have changed rows."""
        for row in self.rows(ITEMS):
            item = self.memory.items.get(row["id"])
            if item is None:
                continue
            issues = self.memory.issues_of(item)
            for name in OURS:
                ours, there = plain(getattr(item, name)), plain(row[name])
                if ours != there:
                    self._changed(item, issues, name, there)
            self._completion(item, issues, row)
        self.one_item_each()
        self.says_what_is_lacking()
        for row in self.rows(GONE):
            self._said_to_be_deleted(self.memory.items[row["item"]], row["link"])

    def _changed(self, item: Item, issues: list[Issue], name: str, value: Any) -> None:
        given = [v for issue in issues for v in issue.given.get(OURS[name], [])]
        fits = name == "assignee_id" and bool(given) or value in [plain(v) for v in given]
        if OURS[name] not in item.customer.ever_on or not fits:
            self.memory.find("our-words-kept", f"item {item.id}: {name} became {value}", item.id)
        dated = name == "due_on" and value is not None
        setattr(item, name, date.fromisoformat(value) if dated else value)

    def _completion(self, item: Item, issues: list[Issue], row: dict[str, Any]) -> None:
        complete = row["completed_at"] is not None
        if complete == item.complete:
            return
        if complete and not any(issue.was_done for issue in issues):
            self.memory.find("completion", f"item {item.id} completed by nobody", item.id)
        if not complete and item.completed_in == "unpack":
            self.memory.find("completion", f"item {item.id} opened by nobody here", item.id)
        if complete and row["completed_in"] == "jira":
            self._opened_later(item, issues)
        item.complete, item.completed_in = complete, row["completed_in"]

    def _opened_later(self, item: Item, issues: list[Issue]) -> None:
        """What a person opened here stays open until Jira changes again."""
        memory = self.memory
        changed = max((issue.category_at for issue in issues if issue.was_done), default=memory.now)
        right = memory.disturbed_at < changed and not memory.clock_is_wrong
        if right and changed < item.reopened_at - CLOCKS:
            what = f"item {item.id}, opened at {item.reopened_at:.0f}, by Jira of {changed:.0f}"
            memory.find("completion", what, item.id)

    def _said_to_be_deleted(self, item: Item, link: str) -> None:
        """Create again is offered for what is gone, never for what cannot be seen.

        What was moved may be where the account sees nothing: nobody can tell that from deleted.
        """
        for issue in self.memory.issues_of(item):
            if issue.link == link and issue.alive and not issue.came_from:
                what = f"{issue.key} is there, and item {item.id} says that it was deleted"
                self.memory.find("deleted-is-deleted", what, item.id)


def plain(value: Any) -> Any:
    """As rows have it."""
    return value if value is None or isinstance(value, int) else str(value)
