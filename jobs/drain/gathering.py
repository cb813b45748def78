"""Read what a plan needs and is not known yet: create screens and assignees. Then plan."""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.models import MatchState
from app.services.sync import people, planning, screens
from app.services.sync.claims import Claim, Target
from app.services.sync.planning import Match, Plan
from jobs.drain.current import IN_FLIGHT, Current
from jobs.drain.failing import fail_unsent

log = logging.getLogger(__name__)

Screens = dict[Target, frozenset[str]]


def plans(current: Current, client: JiraClient, claimed: Sequence[Claim]) -> list[Plan]:
    """A plan for each claim whose screen could be read; the others are recorded as failed.

    Raises JiraUnauthorized.
    """
    fields = _screens(current, client, claimed)
    ready = [claim for claim in claimed if claim.target is None or claim.target in fields]
    matches = _matches(current, client, ready)
    return [_plan(claim, fields, matches) for claim in ready]


def _plan(claim: Claim, fields: Screens, matches: dict[int, Match]) -> Plan:
    screen = fields[claim.target] if claim.target else frozenset()
    assignee_id = claim.desired.assignee_id
    return planning.plan(claim, screen, matches.get(assignee_id) if assignee_id else None)


def _screens(current: Current, client: JiraClient, claimed: Sequence[Claim]) -> Screens:
    targets = {claim.target for claim in claimed if claim.target}
    fields = screens.known(current.lease.connection_id, targets)
    db.session.commit()
    for target in targets - set(fields):
        try:
            read = client.fields(target.project_id, target.issue_type_id)
        except JiraUnauthorized:
            raise
        except JiraError as error:
            concerned = [claim for claim in claimed if claim.target == target]
            fail_unsent(current, client, concerned, error)
            continue
        screens.store(current.lease.connection_id, target, read)
        db.session.commit()
        fields[target] = frozenset(field.id for field in read)
    return fields


def _matches(current: Current, client: JiraClient, claimed: Sequence[Claim]) -> dict[int, Match]:
    wanted = {
        claim.desired.assignee_id: (claim.target.project_key, claim.desired.assignee_email)
        for claim in claimed
        if claim.desired.assignee_id and claim.desired.assignee_email and claim.target
    }
    matches = people.known(current.lease.connection_id, wanted)
    db.session.commit()

    def look_up(user_id: int) -> Match | JiraError:
        project_key, email = wanted[user_id]
        try:
            return people.match(client.assignable_people(project_key, email), email)
        except JiraError as error:
            return error

    missing = [user_id for user_id in wanted if user_id not in matches]
    return matches | _kept(current, zip(missing, _side_by_side(look_up, missing), strict=True))


def _kept(current: Current, found: Iterable[tuple[int, Match | JiraError]]) -> dict[int, Match]:
    """Remember what was found. An issue is never held up by its assignee."""
    matches = {}
    for user_id, answer in found:
        if isinstance(answer, JiraUnauthorized):
            raise answer
        if isinstance(answer, JiraError):
            log.warning("assignee not looked up", extra=current.ids(error=str(answer)))
            matches[user_id] = Match(MatchState.NONE, None)
        else:
            people.store(current.lease.connection_id, user_id, answer)
            matches[user_id] = answer
    db.session.commit()
    return matches


def _side_by_side(
    ask: Callable[[int], Match | JiraError], user_ids: Sequence[int]
) -> list[Match | JiraError]:
    if not user_ids:
        return []
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        return list(pool.map(ask, user_ids))
