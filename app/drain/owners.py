"""Read who the owners of action items are in Jira."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from app.drain.claiming import Claimed
from app.drain.current import Current
from app.drain.looking import EVERY_FIELD, Looks
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.jira.types import Issue
from app.models import MatchState
from app.services.back_offs import IN_FLIGHT
from app.services.grants import pauses
from app.services.outbound import assignee
from app.services.outbound.assignee import Owner, SeenAssignee
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Screen
from app.services.people import late_matches, lookups
from app.services.people import matches as people_matches
from app.services.people.matches import Match
from app.services.work import leases
from app.side_by_side import ask_all

log = logging.getLogger(__name__)


def matched(
    current: Current,
    client: JiraClient,
    claims: Sequence[Claim],
    screen_of: Mapping[int, Screen],
    claimed: Claimed,
) -> Mapping[int, Match]:
    """Who the owners are in Jira, by user id, as far as it matters. Raises JiraUnauthorized."""
    asking = [claim for claim in claims if assignee.needs_match(claim, _sendable(claim, screen_of))]
    return _matches(current, client, asking, claimed.matches)


def owners(
    ready: Sequence[Claim], matches: Mapping[int, Match], substitute: str | None, looks: Looks
) -> dict[int, Owner]:
    """What is known of each claim's owner, by link id."""
    return {
        claim.link_id: Owner(
            matches.get(claim.desired.assignee_id or 0),
            substitute,
            _seen(looks.issues.get(claim.link_id)),
        )
        for claim in ready
    }


def _sendable(claim: Claim, screen_of: Mapping[int, Screen]) -> frozenset[str]:
    """Of an issue that exists it is not known yet."""
    screen = screen_of.get(claim.link_id)
    return EVERY_FIELD if screen is None else screen.sendable


def _seen(issue: Issue | None) -> SeenAssignee | None:
    return None if issue is None else SeenAssignee(issue.assignee_id)


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
            return lookups.find(client, project_key, email)
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
