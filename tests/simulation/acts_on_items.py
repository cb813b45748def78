"""What people do with retrospectives and their action items."""

from sqlalchemy import ColumnElement, select

from app.extensions import db
from app.models import ActionItem, CompletedIn, IssueLink, LinkState, Phase, Retrospective, Team
from app.services.backfill import past_items, runs
from app.services.outbound import links
from app.services.retrospectives import action_items, phases
from app.services.retrospectives.action_items import ActionItemFields
from app.services.sync_log import retry
from tests.simulation.network import UNSPEAKABLE
from tests.simulation.somebody import AGAIN, Somebody


class ActsOnItems(Somebody):
    """Writes, commits, edits, syncs, and takes it back."""

    def write(self) -> None:
        """Add some action items to a retrospective."""
        retrospective = self._retrospective(has_items=True)
        if retrospective is None:
            return
        self._add(retrospective, self.dice.choice([1, 1, 2, 5]))

    def commit(self) -> None:
        """Bring a retrospective into Commit, with more items if it has none."""
        retrospective = self._retrospective(phase=Phase.DISCUSS)
        if retrospective is None:
            return
        if not action_items.items_of(retrospective):
            self._add(retrospective, self.dice.choice([1, 2, 3, 5, 8, 12, 30]))
        self._move(retrospective, Phase.DISCUSS, Phase.COMMIT)

    def commit_many(self) -> None:
        """Bring a retrospective into Commit with more items than leave at once."""
        if retrospective := self._retrospective(phase=Phase.DISCUSS):
            self._add(retrospective, self.dice.choice([20, 30]))
            self._move(retrospective, Phase.DISCUSS, Phase.COMMIT)

    def commit_one(self) -> None:
        """Bring a retrospective into Commit with a single action item."""
        if retrospective := self._retrospective(phase=Phase.DISCUSS):
            self._add(retrospective, 1)
            self._move(retrospective, Phase.DISCUSS, Phase.COMMIT)

    def commit_bad(self) -> None:
        """Bring a retrospective into Commit with texts that Jira's converter chokes on."""
        if retrospective := self._retrospective(phase=Phase.DISCUSS):
            self._add(retrospective, self.dice.choice([2, 12, 60]), self.dice.choice([0.1, 0.4]))
            self._move(retrospective, Phase.DISCUSS, Phase.COMMIT)

    def go_back(self) -> None:
        """Bring a retrospective from Commit back to Discuss, or from there forward again."""
        if retrospective := self._retrospective(phase=Phase.COMMIT):
            self._move(retrospective, Phase.COMMIT, Phase.DISCUSS)

    def commit_again(self) -> None:
        """Bring a retrospective from Commit back to Discuss, and forward again."""
        if retrospective := self._retrospective(phase=Phase.COMMIT):
            self._move(retrospective, Phase.COMMIT, Phase.DISCUSS)
            self._move(retrospective, Phase.DISCUSS, Phase.COMMIT)

    def edit(self) -> None:
        """Change one or more fields of an action item."""
        item = self._item()
        if item is None:
            return
        what = self.dice.choice(["title", "description", "description", "assignee", "due", "all"])
        fields = ActionItemFields(
            title=self._words("title") if what in {"title", "all"} else item.title,
            description=(
                self._words("text") if what in {"description", "all"} else item.description
            ),
            assignee_id=self.user.id if what in {"assignee", "all"} else item.assignee_id,
            due_on=self._day() if what in {"due", "all"} else item.due_on,
        )
        action_items.edit(item, fields)
        number = item.id
        self.say(
            f"edits {what} of item {number}",
            lambda: self.world.auditor.edited(number, vars(fields)),
        )

    def edit_many(self) -> None:
        """Go through all items of a retrospective, and say each in other words."""
        found = [self._retrospective(has_items=True) for _ in range(3)]
        retrospective = max(filter(None, found), key=_length, default=None)
        if retrospective is None:
            return
        changed = []
        for place, item in enumerate(action_items.items_of(retrospective)):
            fields = ActionItemFields(
                self._words(f"title-{place}"), item.description, item.assignee_id, item.due_on
            )
            action_items.edit(item, fields)
            changed.append((item.id, vars(fields)))
        title = retrospective.title

        def told() -> None:
            for number, values in changed:
                self.world.auditor.edited(number, values)

        self.say(f"edits the {len(changed)} items of {title}", told)

    def backfill(self) -> None:
        """Sync past action items, all of them."""
        count = past_items.choice_of(self.organization, past_items.Wanted()).count
        found = past_items.past_items(self.customer).order_by(ActionItem.id)
        numbers = [item.id for item in db.session.scalars(found)]
        runs.start(self.organization, self.user, past_items.Wanted(), count)
        self.say(f"backfills {count} items", lambda: self.world.auditor.backfilled(numbers))

    def delete(self) -> None:
        """Delete an action item."""
        if item := self._item():
            action_items.delete(item, self.user)
            number = item.id
            self.say(f"deletes item {number}", lambda: self.world.auditor.deleted(number))

    def complete(self) -> None:
        """Complete an action item here, or open it again."""
        item = self._item()
        if item is None:
            return
        number, done = item.id, not item.complete
        if done:
            action_items.complete(item, self.user)
        else:
            action_items.reopen(item, self.user)
        self.say(
            f"{'completes' if done else 'reopens'} item {number}",
            lambda: self.world.auditor.completed(number, done, CompletedIn.UNPACK),
        )

    def sync(self) -> None:
        """Press Sync to Jira."""
        if item := self._item():
            action_items.lock(item)
            links.request_sync(item)
            number = item.id
            self.say(f"syncs item {number}", lambda: self.world.auditor.wanted([number]))

    def retry_all(self) -> None:
        """Press Retry all in the Sync Log."""
        failed = db.session.scalars(
            select(IssueLink.action_item_id)
            .join(IssueLink.action_item)
            .join(ActionItem.retrospective)
            .where(self._own(), IssueLink.state == LinkState.ERROR)
        ).all()
        count = retry.retry_all(self.organization, self.user)
        self.say(f"retries all: {count}", lambda: self.world.auditor.rearmed(list(failed)))

    def unlink(self) -> None:
        """Unlink an action item from its issue."""
        if item := self._item(linked=True):
            action_items.lock(item)
            links.unlink(item)
            number = item.id
            self.say(f"unlinks item {number}", lambda: self.world.auditor.unlinked(number))

    def create_again(self) -> None:
        """Create the issue of an item again that was deleted in Jira."""
        found = select(ActionItem).join(IssueLink, IssueLink.action_item_id == ActionItem.id)
        gone = found.join(ActionItem.retrospective).where(self._own())
        gone = gone.where(IssueLink.active, IssueLink.state == LinkState.DELETED)
        if item := db.session.scalars(gone.order_by(ActionItem.id)).first():
            action_items.lock(item)
            link = links.active_link(item)
            if link is None or link.state is not LinkState.DELETED:
                return
            links.create_again(item)
            number = item.id
            self.say(f"creates item {number} again", lambda: self.world.auditor.again(number))

    def _own(self) -> ColumnElement[bool]:
        teams = select(Team.id).where(Team.organization_id == self.customer)
        return Retrospective.team_id.in_(teams)

    def _retrospective(
        self, phase: Phase | None = None, has_items: bool = False
    ) -> Retrospective | None:
        found = db.session.scalars(
            select(Retrospective).where(self._own()).order_by(Retrospective.id)
        ).all()
        fitting = [
            each
            for each in found
            if phase in (None, each.phase) and (not has_items or each.phase.has_action_items)
        ]
        return self.dice.choice(fitting) if fitting else None

    def _item(self, linked: bool = False) -> ActionItem | None:
        found = select(ActionItem).join(ActionItem.retrospective).where(self._own())
        found = found.where(ActionItem.deleted_at.is_(None)).order_by(ActionItem.id)
        if linked:
            found = found.join(IssueLink, IssueLink.action_item_id == ActionItem.id)
            found = found.where(IssueLink.active)
        items = db.session.scalars(found).all()
        if not items:
            return None
        again = self.dice.random() < AGAIN
        meant = self.about or (self.world.touched if again else "")
        latest = [item for item in items if item.public_id == meant]
        item = latest[0] if latest else self.dice.choice(items)
        self.world.touched = item.public_id
        return item

    def _add(self, retrospective: Retrospective, count: int, bad: float = 0.0) -> None:
        author = self.user
        added = []
        for each in range(count):
            text = self._words(f"text-{each}") if self.dice.random() < 0.7 else ""
            if self.dice.random() < bad:
                text = f"{text} {UNSPEAKABLE}"
            fields = ActionItemFields(
                self._words(f"title-{each}"),
                text,
                self.user.id if self.dice.random() < 0.6 else None,
                self._day() if self.dice.random() < 0.5 else None,
            )
            item = action_items.add(retrospective, fields, author)
            added.append((item.id, item.public_id, retrospective.team_id, vars(fields)))
        title = retrospective.title
        self.say(
            f"adds {count} items to {title}",
            lambda: self.world.auditor.added(self.customer, added),
        )

    def _move(self, retrospective: Retrospective, shown: Phase, to: Phase) -> None:
        phases.move_phase(retrospective, shown=shown, to=to)
        ids = (
            [item.id for item in action_items.items_of(retrospective)] if to is Phase.COMMIT else []
        )
        title = retrospective.title
        self.say(f"moves {title} to {to}", lambda: self.world.auditor.committed(ids))


def _length(retrospective: Retrospective) -> int:
    return len(action_items.items_of(retrospective))
