"""What a team that does not sync has in Jira, and what waits for it to sync again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select

from app.extensions import db
from app.models import ActionItem, IssueLink, JiraConnection, Retrospective
from app.services.labels import plural
from app.services.settings.form import Form


@dataclass(frozen=True)
class Kept:
    """Action items of a team: how many have an issue, and how many wait to be sent."""

    issues: int = 0
    waiting: int = 0


def notes_of(form: Form, connection: JiraConnection) -> list[tuple[str, str]]:
    """By team name what follows for those that do not sync, or do again once this is saved."""
    changing = [
        slot
        for slot in form.teams
        if not (slot.choice.syncs and form.saved.choice(slot.number).syncs)
    ]
    kept = _kept(connection, [slot.number for slot in changing])
    return [
        (slot.team.name, _words(kept.get(slot.number, Kept()), syncs=slot.choice.syncs))
        for slot in changing
        if slot.team is not None
    ]


def _words(kept: Kept, *, syncs: bool) -> str:
    if syncs:
        items = plural(kept.waiting, "action item that waits goes", "action items that wait go")
        return f"{items} out once this is saved." if kept.waiting else "Nothing waits to be sent."
    if not kept.issues:
        return "Commit creates no issues."
    items = plural(kept.issues, "action item keeps its issue", "action items keep their issues")
    return (
        f"Commit creates no issues. {items}. Nothing more is sent; what happens in Jira still "
        "comes back."
    )


def _kept(connection: JiraConnection, team_ids: Collection[int]) -> Mapping[int, Kept]:
    if not team_ids:
        return {}
    rows = db.session.execute(
        select(
            Retrospective.team_id,
            _count(IssueLink.issue_id.is_not(None)),
            _count(IssueLink.due_at.is_not(None)),
        )
        .select_from(IssueLink)
        .join(IssueLink.action_item)
        .join(ActionItem.retrospective)
        .where(
            IssueLink.connection_id == connection.id,
            IssueLink.active,
            ~ActionItem.let_go,
            Retrospective.team_id.in_(team_ids),
        )
        .group_by(Retrospective.team_id)
    )
    return {team_id: Kept(issues, waiting) for team_id, issues, waiting in rows}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
