"""What people do with what their team committed before: carry over, drop, and take it back."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, CarryOver, IssueLink, Phase, Retrospective, Team
from app.services.inbound import looking_back
from app.services.organizations import teams
from app.services.outbound import links
from app.services.retrospectives import action_items, carrying, dropping, earlier_items, phases
from demo.jira_cloud.catalog.sites import SITES
from tests.simulation.acts_on_items import ActsOnItems

# Numbers of those who follow somebody's act, above all others' (acts_on_issues.py).
NEXT_ONE = 4_000_000
BEFORE_COMMIT = [phase for phase in Phase if phase not in carrying.COMMITTED]
# Until what was deleted in Jira is known here, or is not yet.
MEANWHILE = (0.5, 60.0, 900.0)


class ActsOnLastTime(ActsOnItems):
    """Goes through what was committed before, in the team's next retrospective."""

    def start_next(self) -> None:
        """Begin the next retrospective of a team that has committed one, up to Discuss."""
        committed = exists().where(
            Retrospective.team_id == Team.id, Retrospective.phase.in_(carrying.COMMITTED)
        )
        of = select(Team).where(Team.organization_id == self.customer, committed)
        found = db.session.scalars(of.order_by(Team.id)).all()
        if not found:
            return
        team = self.dice.choice(found)
        title, day = f"{team.name} of act {self.number}", date(2026, 11, 24)
        started = teams.start_retrospective(team, title=title, held_on=day, by=self.user)
        while started.phase is not Phase.DISCUSS:
            following = started.phase.following
            assert following is not None
            phases.move_phase(started, shown=started.phase, to=following)
        self.say(f"starts {title}")

    def open_last_time(self) -> None:
        """Open the page of a next retrospective: Jira is asked what became of it all."""
        retrospective = self._next()
        if retrospective is None:
            return
        items = earlier_items.earlier_items(retrospective).open
        rows = select(IssueLink).where(
            IssueLink.active, IssueLink.action_item_id.in_([item.id for item in items])
        )
        of_before = db.session.scalars(rows.order_by(IssueLink.id)).all()
        look = looking_back.begin(retrospective, of_before, utcnow())
        self.say(f"opens {retrospective.title}")
        if look is not None:
            looked = looking_back.ask(look)
            looking_back.keep(look, looked, utcnow())
            self.say(f"reads {len(looked.seen)} of {len(look.readings)} issues of before")

    def carry_over(self) -> None:
        """Carry an action item of before over to the next retrospective."""
        if (found := self._earlier()) is None:
            return
        item, retrospective = found
        if carrying.carry_over(item, retrospective, self.user):
            self._say_carried([item], retrospective)

    def carry_over_all(self) -> None:
        """Carry over all that is open."""
        if retrospective := self._next():
            open_ones = [item.id for item in earlier_items.earlier_items(retrospective).open]
            carried = carrying.carry_over_all(open_ones, retrospective, self.user)
            self._say_carried(carried, retrospective)

    def carry_at_once(self) -> None:
        """Two facilitators carry over the same action item, and one of them commits."""
        if (found := self._earlier()) is None:
            return
        about = found[0].public_id
        for place, kind in enumerate(["carry_over", "carry_over", "commit_next"]):
            self._soon(place, kind, about, self.dice.random() + (place == 2))

    def commit_both(self) -> None:
        """Two retrospectives of a team that go on with what has no issue enter Commit at once."""
        wanted = self._retrospective(phase=Phase.COMMIT)
        if wanted is None:
            return
        self._add(wanted, 1)  # after Commit: nothing creates its issue by itself
        item = action_items.items_of(wanted)[-1]
        to = self._before_commit(Retrospective.team_id == wanted.team_id)[:2]
        about = item.public_id
        for retrospective in to:
            if carrying.carry_over(item, retrospective, self.user):
                self._say_carried([item], retrospective)
        for place in range(len(to)):
            self._soon(place, "commit_next", about, self.dice.random())

    def carry_gone(self) -> None:
        """Carry over an action item whose issue somebody deletes in Jira, and commit."""
        if (found := self._earlier(linked=True)) is None:
            return
        item, retrospective = found
        link = links.active_link(item)
        assert link is not None
        carried = carrying.carry_over(item, retrospective, self.user)
        key, cloud_id, about = link.issue_key, link.cloud_id, item.public_id
        if carried:
            self._say_carried([item], retrospective)
        slug = next((each.slug for each in SITES.values() if each.cloud_id == cloud_id), None)
        if key is None or slug is None:
            return
        try:
            self.world.cloud.control.delete_issue(key, site=slug)
        except ValueError as error:
            self.world.tell("jira's people", f"could not delete {key}: {error}"[:100])
        self._soon(0, "commit_next", about, self.dice.choice(MEANWHILE))

    def commit_next(self) -> None:
        """Bring a retrospective into Commit that lists what was carried over to it."""
        lists = select(CarryOver.retrospective_id)
        if self.about:
            of = select(ActionItem.id).where(ActionItem.public_id == self.about)
            lists = lists.where(CarryOver.action_item_id.in_(of))
        found = self._before_commit(
            Retrospective.id.in_(lists), Retrospective.phase == Phase.DISCUSS
        )
        if found:
            self._move(self.dice.choice(found), Phase.DISCUSS, Phase.COMMIT)

    def undo_carry_over(self) -> None:
        """List no more what was carried over."""
        rows = select(CarryOver).join(CarryOver.retrospective).where(self._own())
        rows = rows.where(Retrospective.phase.in_(BEFORE_COMMIT)).order_by(CarryOver.id)
        found = db.session.scalars(rows).all()
        if not found:
            return
        row = self.dice.choice(found)
        item, retrospective = row.action_item, row.retrospective
        number, to = item.id, retrospective.id
        if carrying.undo_carry_over(item, retrospective):
            self.say(
                f"carries item {number} over to {retrospective.title} no more",
                lambda: self.world.auditor.not_carried(number, to),
            )

    def drop(self) -> None:
        """Drop an action item."""
        found = self._earlier()
        item = found[0] if found else self._item()
        if item is None:
            return
        number = item.id
        if dropping.drop(item, self.user, self.dice.choice(["", "Not now"])):
            self.say(f"drops item {number}", lambda: self.world.auditor.dropped(number))

    def edit_and_drop(self) -> None:
        """Edit an action item, and drop it before that goes out."""
        if found := self._earlier(linked=True):
            about = found[0].public_id
            self._soon(0, "edit", about, 0.0)
            self._soon(1, "drop", about, 0.1 + 4 * self.dice.random())
            self._soon(2, "take_up", about, self.dice.choice([3.0, 120.0, 1200.0]) + 5)

    def take_up(self) -> None:
        """Take up again what was dropped."""
        rows = select(ActionItem).join(ActionItem.retrospective).where(self._own())
        rows = rows.where(ActionItem.dropped_at.is_not(None), ActionItem.deleted_at.is_(None))
        found = db.session.scalars(rows.order_by(ActionItem.id)).all()
        if not found:
            return
        meant = [item for item in found if item.public_id == self.about]
        item = meant[0] if meant else self.dice.choice(found)
        number = item.id
        if dropping.undo_drop(item, self.user):
            self.say(f"takes item {number} up", lambda: self.world.auditor.taken_up(number))

    def _say_carried(self, items: Sequence[ActionItem], retrospective: Retrospective) -> None:
        ids, to = [item.id for item in items], retrospective.id
        self.say(
            f"carries items {ids} over to {retrospective.title}",
            lambda: self.world.auditor.carried(ids, to),
        )

    def _soon(self, place: int, kind: str, about: str, after: float) -> None:
        self.world.act_soon(NEXT_ONE + 4 * self.number + place, kind, about, after)

    def _next(self) -> Retrospective | None:
        """One before Commit, of a team that has committed another."""
        found = [each for each in self._before_commit() if earlier_items.earlier_items(each).open]
        return self.dice.choice(found) if found else None

    def _before_commit(self, *conditions: ColumnElement[bool]) -> Sequence[Retrospective]:
        rows = select(Retrospective).where(self._own(), Retrospective.phase.in_(BEFORE_COMMIT))
        return db.session.scalars(rows.where(*conditions).order_by(Retrospective.id)).all()

    def _earlier(self, linked: bool = False) -> tuple[ActionItem, Retrospective] | None:
        """An action item that a next retrospective opens with, and that retrospective."""
        found = [
            (item, each)
            for each in self._before_commit()
            for item in earlier_items.earlier_items(each).open
        ]
        if linked:
            there = links.active_links(item for item, _ in found)
            found = [(i, each) for i, each in found if i.id in there and there[i.id].created]
        meant = [pair for pair in found if pair[0].public_id == self.about]
        return self.dice.choice(meant or found) if found else None
