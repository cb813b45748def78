"""Retrospectives that enter Commit without a browser, and how long until every key is stored."""

import time
from collections.abc import Sequence

from sqlalchemy import func, select

from app.extensions import db
from app.models import ActionItem, IssueLink, Phase, Retrospective, Team
from app.services.outbound import links
from app.services.retrospectives import phases
from bench import founding

PATIENCE = 600.0  # seconds


def organizations(count: int) -> list[int]:
    """The ids of the teams of so many new organizations."""
    facilitator = founding.person("facilitator")
    teams = [founding.organization(number, facilitator) for number in range(count)]
    ids = [team.id for team in teams]
    db.session.commit()
    return ids


def commit(team_ids: Sequence[int], items: int) -> list[int]:
    """A retrospective of so many items for each, committed: all become due at once."""
    owner = db.session.get_one(Team, team_ids[0]).team_members[0].user
    made = [
        founding.retrospective(db.session.get_one(Team, each), items, owner) for each in team_ids
    ]
    for each in made:
        links.commit_action_items(each)
    ids = [each.id for each in made]
    db.session.commit()
    return ids


def discussed(team_id: int, items: int) -> int:
    """A retrospective in Discuss of so many items."""
    team = db.session.get_one(Team, team_id)
    made = founding.retrospective(team, items, team.team_members[0].user)
    db.session.commit()
    return made.id


def enter_commit(retrospective_id: int) -> None:
    """Of one in Discuss."""
    retrospective = db.session.get_one(Retrospective, retrospective_id)
    phases.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)
    db.session.commit()


def keys(retrospective_ids: Sequence[int]) -> int:
    """How many of their items have a key by now."""
    counted = (
        select(func.count(IssueLink.id))
        .join(ActionItem)
        .where(ActionItem.retrospective_id.in_(retrospective_ids), IssueLink.issue_key.is_not(None))
    )
    found = db.session.scalar(counted) or 0
    db.session.rollback()  # or SQLite's lock would be held while it sleeps
    return found


def seconds_until(retrospective_ids: Sequence[int], items: int, began: float) -> float:
    """How long after `began` all of so many keys were stored."""
    until = began + PATIENCE
    while keys(retrospective_ids) < items:
        if time.perf_counter() > until:
            raise TimeoutError(f"not all of {items} keys after {PATIENCE:.0f} s")
        time.sleep(0.02)
    return time.perf_counter() - began
