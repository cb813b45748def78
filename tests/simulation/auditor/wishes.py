"""What people meant: told in the moment in which their act is committed."""

from typing import Any

from tests.simulation.auditor.choices import Choices
from tests.simulation.auditor.memory import OURS, Customer, Item, Memory
from tests.simulation.auditor.statuses import Statuses


class Wishes(Choices, Statuses):
    """Hears of people's acts."""

    memory: Memory

    def founded(self, customer: int, connection: int) -> None:
        """An organization has connected for the first time."""
        self.memory.customers[customer] = Customer(customer, connection)

    def added(self, customer: int, items: list[tuple[int, str, int, dict[str, Any]]]) -> None:
        whose = self.memory.customers[customer]
        for number, public_id, team, fields in items:
            bad = "unspeakable" in fields["description"]
            item = Item(number, public_id, whose, team, bad=bad, **fields)
            self.memory.items[number] = self.memory.by_public_id[public_id] = item

    def committed(self, numbers: list[int]) -> None:
        """Items that never had a link become wanted, where Jira is connected and paid for."""
        items = [self.memory.items[number] for number in numbers]
        self.wanted(
            [
                each.id
                for each in items
                if each.customer.site is not None
                and each.customer.paid
                and not each.ever_wanted
                and each.team not in each.customer.left_out
            ]
        )

    def wanted(self, numbers: list[int]) -> None:
        for number in numbers:
            item = self.memory.items[number]
            if item.wish != "yes":
                item.issues_allowed += item.wish == "no"
                item.wish = "yes"
                self.opened(item)
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
        self.pressed(item)

    def rearmed(self, numbers: list[int]) -> None:
        for number in numbers:
            self.memory.items[number].rearmed_at = self.memory.now

    def unlinked(self, number: int) -> None:
        item = self.memory.items[number]
        item.wish, item.unlinked_at = "no", self.memory.now
        self.owes_nothing(item)

    def again(self, number: int) -> None:
        item = self.memory.items[number]
        item.wish, item.rearmed_at = "yes", self.memory.now
        item.issues_allowed += 1
        self.opened(item)

    def backfilled(self, numbers: list[int]) -> None:
        """They may get an issue: what is completed or stopped meanwhile does not."""
        for number in numbers:
            item = self.memory.items[number]
            if item.wish == "no":
                item.wish, item.ever_wanted = "may", True
                item.issues_allowed += 1
                item.rearmed_at = self.memory.now

    def mapped(self, customer: int, slot: int, key: str) -> None:
        self.memory.customers[customer].mapping[slot] = key
        self.goes_to(customer, slot, key)
        self._everything_anew(customer)

    def returning(self, customer: int, webhooks: bool, taken_over: frozenset[str]) -> None:
        whose = self.memory.customers[customer]
        whose.webhooks = webhooks
        whose.ever_on |= taken_over if webhooks else set()

    def disconnected(self, customer: int) -> None:
        """What has not left yet is withdrawn by a reconnect."""
        memory, whose = self.memory, self.memory.customers[customer]
        whose.site, whose.stopped_at = None, memory.now
        for item in memory.items_of(whose):
            if item.wish == "yes" and not memory.has_its_issue(item):
                item.wish = "may"

    def connected(self, customer: int, account: str, site: str) -> None:
        whose = self.memory.customers[customer]
        whose.site, whose.account, whose.stopped_at = site, account, None
        self._everything_anew(customer)

    def plan(self, customer: int, paid: bool) -> None:
        whose = self.memory.customers[customer]
        whose.paid, whose.unpaid_at = paid, None if paid else self.memory.now
        self._everything_anew(customer)

    def off_screen(self, field: str) -> None:
        """Issues that are created now lack the field (design.md §12)."""
        self.memory.off_screen.add(field)

    def _everything_anew(self, customer: int) -> None:
        for item in self.memory.items_of(self.memory.customers[customer]):
            item.rearmed_at = self.memory.now
