"""What people meant: told in the moment in which their act is committed."""

from typing import Any

from tests.simulation.auditor.memory import OURS, Item, Memory


class Wishes:
    """Hears of people's acts."""

    memory: Memory

    def added(self, items: list[tuple[int, str, int, dict[str, Any]]]) -> None:
        for number, public_id, team, fields in items:
            bad = "unspeakable" in fields["description"]
            item = Item(number, public_id, team, bad=bad, **fields)
            self.memory.items[number] = self.memory.by_public_id[public_id] = item

    def committed(self, numbers: list[int]) -> None:
        """Items that never had a link become wanted, where Jira is connected and paid for."""
        if self.memory.site is not None and self.memory.paid:
            self.wanted([n for n in numbers if not self.memory.items[n].ever_wanted])

    def wanted(self, numbers: list[int]) -> None:
        for number in numbers:
            item = self.memory.items[number]
            if item.wish != "yes":
                item.issues_allowed += item.wish == "no"
                item.wish = "yes"
            item.ever_wanted = True
            item.rearmed_at = self.memory.now

    def edited(self, number: int, fields: dict[str, Any]) -> None:
        item = self.memory.items[number]
        for name, value in fields.items():
            if getattr(item, name) != value:
                setattr(item, name, value)
                item.edited_at[OURS[name]] = self.memory.now
        item.bad = "unspeakable" in item.description
        item.rearmed_at = self.memory.now

    def deleted(self, number: int) -> None:
        self.memory.items[number].deleted_at = self.memory.now

    def completed(self, number: int, done: bool, where: str) -> None:
        item = self.memory.items[number]
        item.complete, item.completed_in = done, where if done else None
        if not done:
            item.reopened_at = self.memory.now

    def rearmed(self, numbers: list[int]) -> None:
        for number in numbers:
            self.memory.items[number].rearmed_at = self.memory.now

    def unlinked(self, number: int) -> None:
        item = self.memory.items[number]
        item.wish, item.unlinked_at = "no", self.memory.now

    def again(self, number: int) -> None:
        item = self.memory.items[number]
        item.wish, item.rearmed_at = "yes", self.memory.now
        item.issues_allowed += 1

    def mapped(self, slot: int, key: str) -> None:
        self.memory.mapping[slot] = key
        self._everything_anew()

    def returning(self, webhooks: bool, taken_over: frozenset[str]) -> None:
        self.memory.webhooks = webhooks
        self.memory.ever_on |= taken_over if webhooks else set()

    def disconnected(self) -> None:
        """What has not left yet is withdrawn by a reconnect."""
        memory = self.memory
        memory.site, memory.stopped_at = None, memory.now
        for item in memory.items.values():
            if item.wish == "yes" and not any(i.alive for i in memory.issues_of(item)):
                item.wish = "may"

    def connected(self, account: str, site: str) -> None:
        self.memory.site, self.memory.account = site, account
        self.memory.stopped_at = None
        self._everything_anew()

    def plan(self, paid: bool) -> None:
        self.memory.paid = paid
        self.memory.unpaid_at = None if paid else self.memory.now
        self._everything_anew()

    def off_screen(self, field: str) -> None:
        """Issues that are created now lack the field (design.md §12)."""
        self.memory.off_screen.add(field)

    def revoked(self) -> None:
        self.memory.revoked_at = self.memory.now

    def _everything_anew(self) -> None:
        for item in self.memory.items.values():
            item.rearmed_at = self.memory.now
