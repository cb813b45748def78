"""One past action item of each chosen team, as its issue would be created."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import ActionItem, Organization, ProjectMapping, Retrospective, Team
from app.services.backfill.past_items import Choice, past_items
from app.services.fields.table import ASSIGNEE, DUE_DATE
from app.services.mapping import screens
from app.services.mapping.mappings import target_of
from app.services.panel import preview_values, preview_words
from app.services.panel.panels import place_of
from app.services.panel.preview_values import AlsoSent
from app.services.panel.preview_words import Owner, OwnerWords
from app.services.panel.previews import sendable_of
from app.services.people import matches


@dataclass(frozen=True)
class Sample:
    """The team's newest one.

    owner: None where the screen has no assignee. dated: it has a due date. values: what else is
    sent.
    """

    team: Team
    mapping: ProjectMapping
    item: ActionItem
    owner: OwnerWords | None
    dated: bool
    values: Sequence[AlsoSent]


def samples_of(organization: Organization, choice: Choice) -> list[Sample]:
    """In the order of the choice, by the same functions as the push. Asks nobody, and needs as many
    statements for many teams as for one."""
    connection = organization.connection
    mapped = {each.team.id: each.mapping for each in choice.chosen if each.mapping and each.count}
    if connection is None or not mapped:
        return []
    items = _newest(organization, choice, list(mapped))
    owners = {item.assignee_id for item in items}
    facilitators = {item.retrospective.facilitator_id for item in items}
    known = matches.known(connection.id, owners | facilitators)
    of_teams = {
        item.retrospective.team: (mapped[item.retrospective.team_id], [item]) for item in items
    }
    also = preview_values.also_sent_by_team(organization, of_teams, known)
    targets = {team.id: target_of(mapping) for team, (mapping, _) in of_teams.items()}
    read = screens.known(connection.id, set(targets.values()))
    samples = []
    for team, (mapping, [item]) in of_teams.items():
        sendable = sendable_of(read.get(targets[team.id], frozenset()), mapping)
        match = known.get(item.assignee_id or 0)
        owner = Owner(item.assignee.name, match.state if match else None) if item.assignee else None
        words = preview_words.owner_words(owner, place_of(organization, mapping), looking=False)
        samples.append(
            Sample(
                team=team,
                mapping=mapping,
                item=item,
                owner=words if ASSIGNEE.id in sendable else None,
                dated=DUE_DATE.id in sendable,
                values=also.get(team.id, ()),
            )
        )
    return samples


def _newest(organization: Organization, choice: Choice, team_ids: list[int]) -> list[ActionItem]:
    """One of each team, in the order of the choice."""
    past = past_items(organization.id, team_ids=team_ids, since=choice.since)
    newest = past.with_only_columns(func.max(ActionItem.id)).group_by(Team.id)
    found = db.session.scalars(
        select(ActionItem)
        .where(ActionItem.id.in_(db.session.scalars(newest).all()))
        .options(
            joinedload(ActionItem.assignee),
            joinedload(ActionItem.retrospective).joinedload(Retrospective.team),
            joinedload(ActionItem.retrospective).joinedload(Retrospective.facilitator),
        )
    )
    by_team = {item.retrospective.team_id: item for item in found}
    return [by_team[team_id] for team_id in team_ids if team_id in by_team]
