"""What the team Mobile has decided in the last months, and what became of it: for the demo alone.

So that Follow-through has something to count, Last time something to ask about, and reminders
somebody to remind, on the first day. The sample itself stays as others rely on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CarryOver,
    CompletedIn,
    Organization,
    Phase,
    Retrospective,
    Team,
    User,
)

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Past:
    """An action item. done: after so many days; None: open. due: the same."""

    title: str
    done: int | None = None
    due: int | None = None
    dropped: bool = False
    carried: bool = False


# By how many days ago a retrospective was: each in another month, and all of it 30 days old.
RETROSPECTIVES: dict[int, Sequence[Past]] = {
    95: (
        Past("Write release notes with every build", 6),
        Past("Ask five users about the new sign-in", 12),
        Past("Crash reports with the version of the app", 24),
        Past("Replace the image cache", 47, due=30),
        Past("Pair on every review for a sprint", 20, dropped=True),
    ),
    64: (
        Past("Show the build’s size in each pull request", 4),
        Past("Run the app’s tests on real devices", 15),
        Past("One list of supported devices", 9),
        Past("Cut the start of the app to two seconds", 52, due=21),
        Past("Agree on who answers reviews in the store", due=28, carried=True),
    ),
    33: (
        Past("Feature flags for the new checkout", 3),
        Past("Delete the old onboarding", 11),
        Past("Name an owner for each screen", 7),
        Past("Rehearse a hotfix release", 18),
        Past("Translate error messages", due=25),
        Past("Measure how often offline mode is used"),
    ),
}


def load() -> None:
    """Add it, unless Mobile has a retrospective already. Flushes; the caller commits."""
    mobile = db.session.scalar(
        select(Team)
        .join(Team.organization)
        .where(Organization.slug == "acme", Team.name == "Mobile")
        .where(~select(Retrospective.id).where(Retrospective.team_id == Team.id).exists())
    )
    if mobile is None:
        return
    admin, tom = (_person(email) for email in ("admin@acme.test", "member2@acme.test"))
    waiting: list[ActionItem] = []
    for number, (ago, items) in enumerate(RETROSPECTIVES.items(), start=7):
        held = _retrospective(mobile, number, Phase.CLOSED, utcnow() - ago * DAY, admin)
        for item in waiting:
            db.session.add(
                CarryOver(
                    action_item=item,
                    retrospective=held,
                    carried_by=admin,
                    carried_at=held.created_at,
                )
            )
        written = [_written(held, each, admin, tom) for each in items]
        waiting = [item for item, each in zip(written, items, strict=True) if each.carried]
    current = _retrospective(mobile, number + 1, Phase.DISCUSS, utcnow(), admin)
    _written(current, Past("Try the beta on our own phones"), admin, admin)
    db.session.flush()


def _retrospective(
    team: Team, number: int, phase: Phase, at: datetime, facilitator: User
) -> Retrospective:
    row = Retrospective(
        team=team,
        title=f"Sprint {number} Retro",
        phase=phase,
        held_on=at.date(),
        facilitator=facilitator,
        created_at=at,
        committed_at=at if phase is Phase.CLOSED else None,
    )
    db.session.add(row)
    return row


def _written(held: Retrospective, past: Past, by: User, assignee: User) -> ActionItem:
    at = held.created_at
    item = ActionItem(
        retrospective=held,
        title=past.title,
        assignee=assignee,
        created_by=by,
        created_at=at,
        updated_at=at,
        due_on=None if past.due is None else (at + past.due * DAY).date(),
    )
    if past.done is not None:
        item.updated_at = at + past.done * DAY
        item.note_completion(item.updated_at, CompletedIn.UNPACK, assignee)
    if past.dropped:
        item.dropped_at, item.dropped_by = item.updated_at, by
        item.drop_reason = "Reviews took longer, and found no more"
    db.session.add(item)
    return item


def _person(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()
