"""The field values that go with creates: who facilitators are, which sprint is active."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.drain.claiming import Claimed
from app.drain.current import Current
from app.drain.owners import looked_up
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.jira.types import ActiveSprint
from app.services.field_values.field_kind import Around, Sprint
from app.services.field_values.leaving_values import leaving_with, names_role, sprint_field
from app.services.field_values.parsing import FACILITATOR
from app.services.grants import pauses
from app.services.mapping import active_sprints
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Screen
from app.services.people.matches import Match
from app.services.work import leases

log = logging.getLogger(__name__)


def with_values(
    current: Current,
    client: JiraClient,
    creates: Sequence[Claim],
    screen_of: Mapping[int, Screen],
    matches: Mapping[int, Match],
    claimed: Claimed,
) -> dict[int, Screen]:
    """The creates' screens by link id, each with what goes with it. Raises JiraUnauthorized.

    matches: whom the action items belong to, by link id. What Jira does not tell is left out: no
    create waits for it.
    """
    filled = [claim for claim in creates if claim.facts and claim.link_id in screen_of]
    facilitators = _facilitators(current, client, filled, claimed)
    sprints = _sprints(current, client, filled, claimed)
    return {
        claim.link_id: _filled(claim, screen_of[claim.link_id], matches, facilitators, sprints)
        for claim in filled
    }


def _filled(
    claim: Claim,
    screen: Screen,
    matches: Mapping[int, Match],
    facilitators: Mapping[int, Match],
    sprints: Mapping[str, Sequence[Sprint]],
) -> Screen:
    assert claim.facts is not None
    assert claim.sent_with is not None
    owner, facilitator = (
        matches.get(claim.link_id),
        facilitators.get(claim.facts.facilitator_id or 0),
    )
    facts = replace(
        claim.facts,
        owner_account=owner.account_id if owner else None,
        facilitator_account=facilitator.account_id if facilitator else None,
    )
    project_id = claim.target.project_id if claim.target else ""
    around = Around(facts, sprints.get(project_id, ()))
    with_it = claim.sent_with
    leaving = leaving_with(with_it.values, around, screen.fingerprints, with_it.denied)
    return replace(screen, leaving=leaving)


def _facilitators(
    current: Current, client: JiraClient, claims: Sequence[Claim], claimed: Claimed
) -> Mapping[int, Match]:
    """Who they are in Jira, by user id, where a value is the facilitator."""
    questions = {
        (claim.facts.facilitator_id, claim.target.project_key, claim.facts.facilitator_email)
        for claim in claims
        if claim.facts is not None
        and claim.sent_with is not None
        and claim.target is not None
        and claim.facts.facilitator_id is not None
        and names_role(claim.sent_with.values, FACILITATOR)
    }
    found = looked_up(current, client, questions, claimed.matches)
    asked = {question[0]: match for question, match in found.items() if question is not None}
    return {**claimed.matches, **asked}


def _sprints(
    current: Current, client: JiraClient, claims: Sequence[Claim], claimed: Claimed
) -> Mapping[str, Sequence[Sprint]]:
    """The active sprints by project id; each project is asked once in ten minutes."""
    wanted = {
        claim.target.project_id: field_id
        for claim in claims
        if claim.target is not None
        and claim.sent_with is not None
        and (field_id := sprint_field(claim.sent_with.values))
    }
    found = dict(claimed.sprints)
    for project_id, field_id in wanted.items():
        if project_id in found:
            continue
        try:
            read = client.active_sprints(project_id, field_id)
        except JiraUnauthorized:
            raise
        except JiraError as error:
            pauses.pause_if_asked(current.lease.connection_id, error)
            db.session.commit()
            log.warning("sprints not read", extra=current.ids(error=str(error)))
            continue
        found[project_id] = remember_sprints(current, project_id, read)
    return found


def remember_sprints(
    current: Current, project_id: str, read: Iterable[ActiveSprint]
) -> list[Sprint]:
    """Store what Jira has said of a project, for ten minutes. Commits."""
    found = active_sprints.as_kept(read)
    if leases.hold_grant(current.lease):
        active_sprints.store(current.lease.connection_id, project_id, found)
    db.session.commit()
    return found
