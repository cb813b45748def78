"""The field values that new issues get, as the page before Commit tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.models import ActionItem, Organization, ProjectMapping, Team
from app.services.field_values.field_kind import Around, Lack, Sprint
from app.services.field_values.leaving_values import Leaving, leaving_with, sprint_field
from app.services.mapping import active_sprints, screens, sent_values
from app.services.mapping.item_facts import facts_of
from app.services.mapping.mappings import target_of
from app.services.mapping.sent_values import SentWith
from app.services.people.matches import Match

_WHY_NOT = {
    Lack.EMPTY: "nothing",
    Lack.NOT_MATCHED: "nobody, because nobody is matched",
    Lack.NO_SPRINT: "no sprint yet, because none is active",
    Lack.SEVERAL_SPRINTS: "no sprint, because several are active",
    Lack.NOT_ON_SCREEN: "nothing, because the type has no such field",
    Lack.NOT_PERMITTED: "nothing, because the connected account may not set it",
}
LOOKED_UP = "looked up when an issue is created"


@dataclass(frozen=True)
class AlsoSent:
    """A field, and what new issues get in it.

    warn: it is not what was chosen. unknown: nobody has asked Jira lately.
    """

    name: str
    words: str
    warn: bool = False
    unknown: bool = False


def also_sent(
    mapping: ProjectMapping, items: Sequence[ActionItem], known: Mapping[int, Match]
) -> list[AlsoSent]:
    """What goes with the new issues of `items`, all of one team. known: matches by user id."""
    if not items:
        return []
    team = items[0].retrospective.team
    return also_sent_by_team(team.organization, {team: (mapping, items)}, known).get(team.id, [])


def also_sent_by_team(
    organization: Organization,
    items: Mapping[Team, tuple[ProjectMapping, Sequence[ActionItem]]],
    known: Mapping[int, Match],
) -> dict[int, list[AlsoSent]]:
    """The same of several teams, by team id, in as many statements; each has an item."""
    connection = organization.connection
    if connection is None:
        return {}
    sent = sent_values.sent_with(organization, list(items))
    sending = {
        team: each for team, each in items.items() if team.id in sent and sent[team.id].values
    }
    targets = {team: target_of(mapping) for team, (mapping, _) in sending.items()}
    read = screens.fingerprints(connection.id, set(targets.values()))
    sprints = active_sprints.known(connection.id, {each.project_id for each in targets.values()})
    return {
        team.id: _also_sent(
            sent[team.id],
            [_around(item, known, sprints.get(targets[team].project_id, ())) for item in of_team],
            read.get(targets[team]),
            knows_sprints=targets[team].project_id in sprints,
        )
        for team, (_, of_team) in sending.items()
    }


def _also_sent(
    sent: SentWith,
    around: Sequence[Around],
    screen: Mapping[str, str] | None,
    *,
    knows_sprints: bool,
) -> list[AlsoSent]:
    if screen is None:  # not read yet: what is sent is as it was chosen
        screen = {each.field_id: each.fingerprint for each in sent.values}
    leaving = [leaving_with(sent.values, each, screen, sent.denied) for each in around]
    looked_up = None if knows_sprints else sprint_field(sent.values)
    return [
        AlsoSent(each.name, LOOKED_UP, unknown=True)
        if each.field_id == looked_up
        else _also(each.field_id, each.name, leaving)
        for each in sent.values
        if each.value is not None
    ]


def _around(item: ActionItem, known: Mapping[int, Match], sprints: Sequence[Sprint]) -> Around:
    facts = facts_of(item)
    owner = known.get(item.assignee_id or 0)
    facilitator = known.get(facts.facilitator_id or 0)
    facts = replace(
        facts,
        owner_account=owner.account_id if owner else None,
        facilitator_account=facilitator.account_id if facilitator else None,
    )
    return Around(facts, sprints)


def _also(field_id: str, name: str, leaving: Sequence[Leaving]) -> AlsoSent:
    """The words if they are the same for all, else that they differ."""
    said = {
        each.sent[field_id].words if field_id in each.sent else _WHY_NOT[each.lacks[field_id].why]
        for each in leaving
    }
    warn = any(
        field_id in each.lacks and each.lacks[field_id].why is not Lack.EMPTY for each in leaving
    )
    if len(said) > 1:
        return AlsoSent(name, "by action item", warn)
    return AlsoSent(name, next(iter(said)), warn)
