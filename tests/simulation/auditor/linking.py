"""Issues that people choose: one item each, said in the issue first, and nothing created beside."""

from typing import Any

from tests.simulation.auditor.memory import FIELDS, NEVER, PROPERTY, Issue, Item, Memory, Rows
from tests.simulation.auditor.statuses import Statuses
from tests.simulation.network import Exchange

CATEGORIES = {"10000": "new", "10001": "indeterminate", "10002": "done", "10003": "done",
              "10004": "done", "10005": "done"}  # fmt: skip
# Two that chose the same at once may both have read it before either had written (design.md §3.7).
SIDE_BY_SIDE = 60.0
# Of a clock that is wrong, and of who looked just before.
ABOUT = 60.0
MARGIN = 6.0
KNOWN = "SELECT id FROM issue_link WHERE public_id = :link AND issue_id = :id"
OPEN = "SELECT id FROM issue_link WHERE public_id = :link AND active"
SHARED = (
    "SELECT min(action_item_id) AS item, min(issue_key) AS issue_key FROM issue_link"
    " WHERE active AND issue_id IS NOT NULL"
    " GROUP BY connection_id, cloud_id, issue_id HAVING count(*) > 1"
)


class Linking(Statuses):
    """Hears of what people choose, and watches over it."""

    memory: Memory
    rows: Rows

    # What people say

    def linked(self, number: int, site: str, issue_id: str) -> None:
        """Somebody has chosen an issue for an item; nothing else is created for it from now on."""
        memory, item = self.memory, self.memory.items[number]
        self._is_not_under_way(item)
        place = (site, issue_id)
        issue = memory.issues.get(place) or memory.strangers.pop(place)
        memory.issues[place] = issue
        if issue.item != item.public_id:
            issue.theirs = set(FIELDS)  # else the words are our own, but for what is theirs already
        issue.item, issue.linked_at = item.public_id, memory.now
        issue.was_done = False
        issue.unheard.clear()
        issue.written_at = dict.fromkeys(FIELDS, memory.now)
        item.linked_to, item.finishing = place, None
        self.owes_nothing(item)
        item.wish, item.ever_wanted, item.rearmed_at = "yes", True, memory.now
        item.issues_allowed = sum(each.ever_known for each in memory.issues_of(item))

    def _is_not_under_way(self, item: Item) -> None:
        """Whether all that was created for it is known here."""
        for issue in self.memory.issues_of(item):
            known = self.rows(KNOWN, link=issue.link, id=issue.id)
            if issue.alive and not known:
                what = f"item {item.id} is linked while nobody knows of {issue.key}"
                self.memory.find("unknown-is-not-linked", what, item.id)

    def finishes(self, number: int, seconds: float) -> None:
        """Somebody creates its issue in Jira, and has so many seconds for it."""
        self.memory.items[number].finishing = (self.memory.now, self.memory.now + seconds)

    def stops_finishing(self, number: int) -> None:
        """Nobody does any more."""
        self.memory.items[number].finishing = None

    # What leaves

    def may_create(self, exchange: Exchange, item: Item) -> None:
        """A create leaves for the item: does nobody create it themselves?"""
        if item.finishing is None or exchange.process.asleep_until > NEVER:
            return
        began, until = item.finishing
        if began + 1.0 < self.memory.now < until - ABOUT and self.memory.disturbed_at < began:
            what = f"a create for item {item.id}, which somebody creates in Jira"
            self.memory.find("nobody-beside", what, item.id)

    def may_not_edit(self, exchange: Exchange, item: Item) -> None:
        """An edit leaves for an issue that was chosen for the item and does not say so yet."""
        late = exchange.process.asleep_until > NEVER  # of the link that it had before
        if item.linked_to is None or late:
            return
        issue = self.memory.issues[item.linked_to]
        if self.memory.now - issue.linked_at > MARGIN:
            what = f"{issue.key} is edited before it says that it is item {item.id}'s"
            self.memory.find("marked-first", what, item.id)

    # What happens in Jira

    def met(self, event: dict[str, Any]) -> None:
        """Something happened to an issue that says nothing of us."""
        shown, memory = event["issue"], self.memory
        place = (shown["site"], shown["id"])
        before, category = memory.strangers.get(place), CATEGORIES[shown["status"]]
        issue = Issue(*place, shown["key"], "", "", dict(shown["fields"]), memory.now)
        issue.category, issue.alive = category, event["kind"] != "jira:issue_deleted"
        if before is not None:
            issue.created_at = before.created_at
            same = (before.category == "done") == (category == "done")
            issue.category_at = before.category_at if same else memory.now
        memory.strangers[place] = issue

    def marked(self, issue: Issue, event: dict[str, Any], ours: bool) -> None:
        """The issue says whose it is."""
        if event.get("property_key") != PROPERTY or not ours:
            return
        mine, now = event["issue"]["properties"][PROPERTY], self.memory.now
        other = issue.link and issue.link != mine["link"] and self.rows(OPEN, link=issue.link)
        if other and now - max(issue.marked_at, issue.created_at) > SIDE_BY_SIDE:
            what = f"{issue.key} said that it was another item's, and says {mine['id']} now"
            self.memory.find("marks-are-kept", what)
        issue.link, issue.item, issue.marked_at = mine["link"], mine["id"], now

    # What stands here

    def one_item_each(self) -> None:
        """After every step that may have changed rows."""
        for row in self.rows(SHARED):
            what = f"{row['issue_key']} belongs to item {row['item']} and to another"
            self.memory.find("one-item", what, row["item"])
