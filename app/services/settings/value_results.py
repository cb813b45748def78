"""What the field values of a mapping come to for a team's latest retrospective, as examples."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, Organization, Retrospective
from app.models.deleted_retrospective import not_deleted
from app.services.field_values.field_kind import Around, NotSent, ValueInvalid
from app.services.field_values.leaving_values import shown_words
from app.services.field_values.parsing import is_template
from app.services.field_values.value_tokens import ItemFacts
from app.services.mapping.item_facts import facts_of, facts_of_retrospective
from app.services.settings.value_rows import ValueRow


@dataclass(frozen=True)
class Latest:
    """The retrospective that examples are of, by its title and team, and what its tokens become."""

    title: str
    team: str
    facts: ItemFacts


def latest(organization: Organization, team_id: int | None) -> Latest | None:
    """Of the team, or of any team without one; None before there is one."""
    found = db.session.scalar(
        select(Retrospective)
        .where(
            Retrospective.team_id == team_id
            if team_id
            else Retrospective.organization_id == organization.id,
            not_deleted(),
        )
        .order_by(Retrospective.created_at.desc(), Retrospective.id.desc())
        .limit(1)
    )
    if found is None:
        return None
    item = db.session.scalar(
        select(ActionItem)
        .where(ActionItem.retrospective_id == found.id, ActionItem.deleted_at.is_(None))
        .order_by(ActionItem.id)
        .limit(1)
    )
    facts = facts_of(item) if item is not None else facts_of_retrospective(found)
    return Latest(found.title, found.team.name, facts)


def results(rows: Iterable[ValueRow], example: Latest | None) -> dict[str, str]:
    """By field id what templates come to; a value that is sent as it is typed is absent."""
    if example is None:
        return {}
    found = {}
    for row in rows:
        try:
            value = row.parsed()
            if is_template(value):
                found[row.field_id] = shown_words(row.kind, value, Around(example.facts))
        except (ValueInvalid, NotSent):
            continue
    return found
