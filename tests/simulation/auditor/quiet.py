"""What must have come true when the world has been well for long enough."""

import json
from datetime import timedelta
from typing import Any

from tests.simulation.auditor.memory import NEVER, Issue, Item, Memory, Rows
from tests.simulation.auditor.statuses import Statuses

LINKS = (
    "SELECT l.id, l.action_item_id AS item, l.public_id, l.state, l.issue_id, l.issue_key,"
    " l.due_at, l.claim_id, l.stamped_at, l.failure_code, l.recheck_at, l.field_notes,"
    " l.due_at < :before AND (l.not_before IS NULL OR l.not_before < :before) AS overdue"
    " FROM issue_link l WHERE l.active"
)
# After so long whatever may go out has gone: longer than a drain, a probe, and a pause of Jira's.
OVERDUE = timedelta(minutes=10)
# Fields that a project's Tasks have never had.
NEVER_ON_SCREEN = {"TPL": {"description"}}
# A row of each says that something is still under way.
LEFTOVERS = {
    "claims": "SELECT count(*) AS n FROM issue_link WHERE claim_id IS NOT NULL",
    "stamps": "SELECT count(*) AS n FROM issue_link WHERE active AND stamped_at IS NOT NULL",
    # One that a dead process left ends by itself, and holds nothing after that; whoever looks
    # around at this very moment has taken theirs just now, for a minute.
    "leases": "SELECT count(*) AS n FROM jira_work WHERE lease_until > :now"
    " AND lease_until NOT BETWEEN :in_half_a_minute AND :in_a_minute",
    "refreshes": "SELECT count(*) AS n FROM jira_connection WHERE refresh_lease_until > :now",
    "deliveries": "SELECT count(*) AS n FROM webhook_delivery WHERE applied_at IS NULL",
    "entries": "SELECT count(*) AS n FROM sync_entry e JOIN issue_link l ON l.id = e.issue_link_id"
    " JOIN action_item i ON i.id = l.action_item_id WHERE e.state IN ('running', 'retrying')"
    # of others the page says that they are over
    " AND l.active AND i.deleted_at IS NULL AND i.dropped_at IS NULL",
    "backfills": "SELECT count(*) AS n FROM backfill WHERE state = 'running'",
    "webhooks": "SELECT count(*) AS n FROM jira_work WHERE kind = 'webhook' AND error IS NOT NULL",
    "metadata": "SELECT count(*) AS n FROM jira_work WHERE kind = 'metadata' AND error IS NOT NULL",
}


class Quiet(Statuses):
    """Judges calm moments."""

    memory: Memory
    rows: Rows
    refused_unnamed: set[str]

    def after_outage(self) -> None:
        """Half an hour after Jira is well again, before anybody has pressed anything."""
        lost = self.rows("SELECT id FROM jira_connection WHERE state != 'connected'")
        away = {each["id"] for each in lost}
        for link in self._links():
            item = self.memory.items[link["item"]]
            whose = item.customer
            if whose.site is None or not whose.paid or whose.connection in away:
                continue
            if whose.paused_at is not None or item.team in whose.left_out:
                continue
            issues = self.memory.issues_behind(item, link["public_id"], link["issue_id"])
            if item.let_go or any(issue.site != whose.site for issue in issues):
                continue  # it waits until its site is connected again
            if link["state"] == "error" and link["failure_code"] == "jira-unavailable":
                what = f"item {item.id} stays in error after an outage"
                self.memory.find("outages-end", what, item.id)
            # Nobody is mapped to a project of another site.
            if link["overdue"] and whose.site == "acme-eng" and not self._is_held(item):
                what = f"item {item.id} is {link['state']}, due since {link['due_at']}"
                self.memory.find("goes-out-by-itself", what, item.id)

    def all_is_well(self) -> None:
        """Connected, paid for, healed, retried, and time enough for everything."""
        for each in self.rows("SELECT id, state FROM jira_connection WHERE state != 'connected'"):
            self.memory.find("comes-back", f"connection {each['id']} is {each['state']}")
            return
        links = {row["item"]: row for row in self._links()}
        for item in self.memory.items.values():
            self._item(item, links.get(item.id))
        moments = {
            "now": self.memory.moment(),
            "in_half_a_minute": self.memory.moment(-timedelta(seconds=30)),
            "in_a_minute": self.memory.moment(-timedelta(seconds=61)),
        }
        for name, query in LEFTOVERS.items():
            values = {name: when for name, when in moments.items() if f":{name}" in query}
            if count := self.rows(query, **values)[0]["n"]:
                self.memory.find(f"nothing-left: {name}", f"{count} {name} are left")

    def _links(self) -> list[dict[str, Any]]:
        return self.rows(LINKS, before=self.memory.moment(OVERDUE))

    def _item(self, item: Item, link: dict[str, Any] | None) -> None:
        memory = self.memory
        if item.let_go or item.wish != "yes" or item.bad:
            return
        if link is None:
            memory.find("wishes-come-true", f"item {item.id} has no link", item.id)
            return
        issues = memory.issues_behind(item, link["public_id"], link["issue_id"])
        if any(issue.site != "acme-eng" for issue in issues):
            return  # of a site that is not connected now: it waits
        if issues:
            self._issue(item, issues[-1], link)
        elif not self._belongs_elsewhere(item, link):
            rule = "one-bad-text" if any(i.bad for i in memory.items.values()) else None
            what = f"item {item.id} has no issue: {link['state']}, {link['failure_code']}"
            memory.find(rule or "wishes-come-true", what, item.id)

    def _issue(self, item: Item, issue: Issue, link: dict[str, Any]) -> None:
        memory = self.memory
        if not issue.alive:
            if link["state"] != "deleted" and _is_looked_at(item):
                memory.find("jira-is-seen", f"item {item.id}: deleted, {link['state']}", item.id)
            return
        if issue.unmarked:
            what = f"{issue.key} does not say that it is item {item.id}'s"
            memory.find("marked-first", what, item.id)
        self._says_the_same(item, issue, link)
        if '"plain"' in str(link["field_notes"]):
            what = f"item {item.id} lost its form, although Jira would have taken it"
            memory.find("one-bad-text", what, item.id)
        self._fields(item, issue, link)
        self._status(item, issue)
        self.has_what_it_owes(item, issue, link)

    def _is_held(self, item: Item) -> bool:
        """Whether somebody may still have been creating its issue when it was due."""
        until = item.finishing[1] if item.finishing else NEVER
        return until > self.memory.now - OVERDUE.total_seconds()

    def _belongs_elsewhere(self, item: Item, link: dict[str, Any]) -> bool:
        """Whether two chose its issue at once, and this one came second and was told."""
        issue = self.memory.issues.get(item.linked_to) if item.linked_to else None
        other = issue is not None and issue.item != item.public_id
        return bool(other and link["failure_code"] == "belongs-elsewhere")

    def _says_the_same(self, item: Item, issue: Issue, link: dict[str, Any]) -> None:
        if link["issue_id"] != issue.id:
            self.memory.find("wishes-come-true", f"item {item.id} missed {issue.key}", item.id)
        elif link["state"] != "synced":
            what = f"item {item.id} is {link['state']}, {link['failure_code']}"
            self.memory.find("wishes-come-true", what, item.id)
        elif link["issue_key"] != issue.key and _is_looked_at(item):
            what = f"item {item.id} shows {link['issue_key']} for {issue.key}"
            self.memory.find("jira-is-seen", what, item.id)

    def _fields(self, item: Item, issue: Issue, link: dict[str, Any]) -> None:
        if link["state"] != "synced":
            return
        project = self.memory.project_at(issue)
        elsewhere = self.memory.project_of(item) != project
        rule = "remapped-edits-are-sent" if elsewhere else "edits-come-true"
        due = str(item.due_on) if item.due_on else None
        description = json.dumps(issue.fields.get("description"), ensure_ascii=False)
        words = item.description.partition(",")[0]
        same = {
            "summary": issue.fields["summary"] == item.title,
            "duedate": issue.fields.get("duedate") == due,
            "description": words in description,
        }
        for name, holds in same.items():
            edited = item.edited_at.get(name, -1.0)
            lacking = self._lacking(issue, edited) | self._left_out(issue, link)
            if not holds and name not in issue.theirs and name not in lacking:
                what = f"item {item.id}: {name} of {issue.key}, edited at {edited:.0f}"
                self.memory.find(rule, what, item.id)

    def _left_out(self, issue: Issue, link: dict[str, Any]) -> set[str]:
        """What its create went without, because Jira did not say what it refused; the item says."""
        noted = json.loads(link["field_notes"] or "{}")
        return set(noted) if issue.link in self.refused_unnamed else set()

    def _lacking(self, issue: Issue, edited: float) -> set[str]:
        """What was not on the screen when a field edited at that time could be sent: a move alone
        makes nothing due that was left out before (design.md §11.2)."""
        places = {self.memory.project_at(issue)}
        if edited < issue.moved_at:
            places |= issue.came_from
        return self.memory.off_screen.union(*(NEVER_ON_SCREEN.get(each, set()) for each in places))

    def _status(self, item: Item, issue: Issue) -> None:
        # A status completes nothing by itself where the issue was chosen.
        reopened_since = max(item.reopened_at, issue.linked_at) >= issue.category_at
        if issue.category == "done" and not item.complete and not reopened_since:
            self.memory.find("jira-is-seen", f"{issue.key} is done, {item.id} open", item.id)
        again_open = issue.was_done and issue.category != "done"  # it had completed the item
        if again_open and item.complete and item.completed_in == "jira":
            self.memory.find("jira-is-seen", f"{issue.key} is open, {item.id} done", item.id)


def _is_looked_at(item: Item) -> bool:
    """What people have completed here, a reconciliation leaves out (design.md §2.2)."""
    return item.completed_in != "unpack"
