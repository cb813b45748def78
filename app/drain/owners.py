"""Read who the owners of action items are in Jira, and whose issues wait for their match."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.drain.claiming import Claimed
from app.drain.current import Current
from app.drain.failures import fail_unsent
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.models import MatchState
from app.services.back_offs import IN_FLIGHT
from app.services.fields.table import ASSIGNEE
from app.services.grants import pauses
from app.services.outbound import assignee
from app.services.outbound.assignee import Owner, SeenAssignee
from app.services.outbound.claims import Claim
from app.services.people import late_matches
from app.services.people import matches as people_matches
from app.services.people.matches import Match
from app.services.work import leases
from app.side_by_side import ask_all

log = logging.getLogger(__name__)

# A claim, and the synced fields that can be sent to its target.
Ready = tuple[Claim, frozenset[str]]


def owners(
    current: Current, client: JiraClient, ready: Sequence[Ready], claimed: Claimed
) -> dict[int, Owner]:
    """What is known of each claim's owner, by link id.

    Claims whose issue had to be read and could not be are left out, and recorded as failed.
    Raises JiraUnauthorized.
    """
    asking = [claim for claim, sendable in ready if assignee.needs_match(claim, sendable)]
    matches = _matches(current, client, asking, claimed.matches)
    found = {
        claim.link_id: Owner(matches.get(claim.desired.assignee_id or 0), claimed.substitute)
        for claim, _ in ready
    }
    late = [
        claim
        for claim, sendable in ready
        if assignee.owes_match(claim, sendable, found[claim.link_id].match)
    ]
    if late:
        _look_at(current, client, late, found)
    return found


def _look_at(
    current: Current, client: JiraClient, late: Sequence[Claim], found: dict[int, Owner]
) -> None:
    """See who is assigned by now where a match came late: one request for a hundred issues."""
    issue_ids = {claim.link_id: claim.issue_id for claim in late if claim.issue_id}
    try:
        issues = client.bulk_fetch(issue_ids.values(), fields=[ASSIGNEE.id])
    except JiraUnauthorized:
        raise
    except JiraError as error:
        fail_unsent(current, client, late, error)
        for claim in late:
            del found[claim.link_id]
        return
    seen = {issue.id: SeenAssignee(issue.assignee_id) for issue in issues}
    for link_id, issue_id in issue_ids.items():
        found[link_id] = replace(found[link_id], seen=seen.get(issue_id))


def _matches(
    current: Current, client: JiraClient, asking: Sequence[Claim], known: Mapping[int, Match]
) -> Mapping[int, Match]:
    """The known matches and those that Jira had to be asked for."""
    wanted = {
        claim.desired.assignee_id: (claim.target.project_key, claim.desired.assignee_email)
        for claim in asking
        if claim.desired.assignee_id and claim.desired.assignee_email and claim.target
    }
    missing = sorted(wanted.keys() - known.keys())
    if not missing:
        return known

    def look_up(user_id: int) -> Match | JiraError:
        project_key, email = wanted[user_id]
        try:
            return people_matches.match(client.assignable_people(project_key, email), email)
        except JiraError as error:
            return error

    answers = ask_all(look_up, missing, IN_FLIGHT)
    return {**known, **_kept(current, zip(missing, answers, strict=True))}


def _kept(current: Current, found: Iterable[tuple[int, Match | JiraError]]) -> dict[int, Match]:
    """Remember what was found. An issue is never held up by its assignee.

    But a 429 pauses the connection for whatever it asks, so that nothing leaves until it is over.
    """
    matches, lease = {}, current.lease
    ours = leases.hold_grant(lease)
    for user_id, answer in found:
        if isinstance(answer, JiraUnauthorized):
            raise answer
        if isinstance(answer, JiraError):
            log.warning("assignee not looked up", extra=current.ids(error=str(answer)))
            matches[user_id] = Match(MatchState.NONE, None, asked=False)
            pauses.pause_if_asked(lease.connection_id, answer)
            continue
        matches[user_id] = answer
        if ours:
            people_matches.store(lease.connection_id, user_id, answer)
            late_matches.follow(lease.connection_id, user_id, held_by=lease.id)
    db.session.commit()
    return matches
