"""What people do when they complete and reopen action items, one press after the other."""

from collections.abc import Sequence

from app.models import ActionItem, CompletedIn
from app.services.retrospectives import action_items
from tests.simulation.acts_on_items import ActsOnItems

# Between two presses.
PAUSES = (2.0, 7.0, 9.0, 12.0, 20.0)


class ActsOnStatuses(ActsOnItems):
    """Presses Complete and Reopen of an item whose issue may follow."""

    def complete_once(self) -> None:
        """Complete an item, or reopen it."""
        self.press(1)

    def complete_and_back(self) -> None:
        """Complete an item that is open, and reopen it some seconds later."""
        self.press(self.dice.choice([2, 2, 2, 3]))

    def complete_many_times(self) -> None:
        """Complete and reopen it again and again, as somebody who cannot decide."""
        self.press(self.dice.choice([4, 6]))

    def press(self, times: int, pauses: Sequence[float] = PAUSES) -> None:
        """Complete or reopen an item so many times."""
        item = self._item(linked=self.dice.random() < 0.9)
        if item is None:
            return
        self.about = item.public_id
        for each in range(times):
            if each:
                self.world.scheduler.pause(self.dice.choice(pauses))
            item = self._item()
            if item is None or item.deleted_at is not None:
                return
            self._toggle(item)

    def _toggle(self, item: ActionItem) -> None:
        number, done = item.id, not item.complete
        if done:
            action_items.complete(item, self.user)
        else:
            action_items.reopen(item, self.user)
        self.say(
            f"{'completes' if done else 'reopens'} item {number}",
            lambda: self.world.auditor.completed(number, done, CompletedIn.UNPACK),
        )
