"""What tokens become for an action item, as far as rows know it."""

from dataclasses import replace

from flask import current_app

from app.models import ActionItem, Retrospective
from app.services.field_values.value_tokens import ItemFacts


def facts_of(item: ActionItem) -> ItemFacts:
    """Whose accounts in Jira owner and facilitator are is known by matches alone."""
    return replace(
        facts_of_retrospective(item.retrospective),
        owner=item.assignee.name if item.assignee else "",
        due_on=item.due_on,
        link=f"{current_app.config['PUBLIC_URL']}/action-items/{item.id}",
    )


def facts_of_retrospective(retrospective: Retrospective) -> ItemFacts:
    """The same as long as it has no action item."""
    return ItemFacts(
        team=retrospective.team.name,
        retrospective=retrospective.title,
        held_on=retrospective.held_on,
        facilitator=retrospective.facilitator.name if retrospective.facilitator else "",
        facilitator_id=retrospective.facilitator_id,
        facilitator_email=retrospective.facilitator.email if retrospective.facilitator else "",
    )
