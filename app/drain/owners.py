"""Read who the owners of action items are in Jira."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence

from app.drain.claiming import Claimed
from app.drain.current import Current
from app.drain.looking import EVERY_FIELD, Looks
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.jira.types import Issue
from app.models import MatchState
from app.services.back_offs import IN_FLIGHT
from app.services.field_values.leaving_values import names_role
from app.services.field_values.parsing import OWNER
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
    """Who the owners are in Jira, by link id, as far as it matters. Raises JiraUnauthorized."""
    asking = [
        claim
        for claim in claims
        if assignee.needs_match(claim, _sendable(claim, screen_of)) or _is_in_a_value(claim)
    ]
    questions = {question for claim in asking if (question := _question(claim))}
    found = looked_up(current, client, questions, claimed.matches)
    known = {claim.link_id: claimed.matches.get(claim.desired.assignee_id or 0) for claim in claims}
    known |= {claim.link_id: match for claim in asking if (match := found.get(_question(claim)))}
    return {link_id: match for link_id, match in known.items() if match}


def owners(
    ready: Sequence[Claim], matches: Mapping[int, Match], substitute: str | None, looks: Looks
) -> dict[int, Owner]:
    """What is known of each claim's owner, by link id."""
    return {
        claim.link_id: Owner(
            matches.get(claim.link_id), substitute, _seen(looks.issues.get(claim.link_id))
        )
        for claim in ready
    }


def _is_in_a_value(claim: Claim) -> bool:
    """Whether the owner's account is sent in a field of the mapping's."""
    values = claim.sent_with.values if claim.sent_with else ()
    return bool(values) and names_role(values, OWNER)


def _sendable(claim: Claim, screen_of: Mapping[int, Screen]) -> frozenset[str]:
    """Of an issue that exists it is not known yet."""
    screen = screen_of.get(claim.link_id)
    return EVERY_FIELD if screen is None else screen.sendable


def _seen(issue: Issue | None) -> SeenAssignee | None:
    return None if issue is None else SeenAssignee(issue.assignee_id)


# Whom to look for: who cannot be assigned in one project may well be in another.
_Question = tuple[int, str, str]


def _question(claim: Claim) -> _Question | None:
    wanted = claim.desired
    if not (wanted.assignee_id and wanted.assignee_email and claim.target):
        return None
    return wanted.assignee_id, claim.target.project_key, wanted.assignee_email


def looked_up(
    current: Current,
    client: JiraClient,
    questions: Collection[_Question],
    known: Mapping[int, Match],
) -> Mapping[_Question | None, Match]:
    """What Jira had to be asked for: nothing was known, or only what another project said.

    questions: a member's id, the key of the project, and their e-mail. Raises JiraUnauthorized.
    """
    settled = {user for user, match in known.items() if match.state is not MatchState.EXCLUDED}
    missing = sorted(question for question in questions if question[0] not in settled)
    if not missing:
        return {}

    def look_up(question: _Question) -> Match | JiraError:
        _, project_key, email = question
        try:
            return lookups.find(client, project_key, email)
        except JiraError as error:
            return error

    answers = ask_all(look_up, missing, IN_FLIGHT)
    return _kept(current, zip(missing, answers, strict=True))


def _kept(
    current: Current, found: Iterable[tuple[_Question, Match | JiraError]]
) -> dict[_Question | None, Match]:
    """Remember what was found. An issue is never held up by its assignee.

    But a 429 pauses the connection for whatever it asks, so that nothing leaves until it is over.
    """
    matches: dict[_Question | None, Match] = {}
    lease = current.lease
    ours = leases.hold_grant(lease)
    for question, answer in found:
        if isinstance(answer, JiraUnauthorized):
            raise answer
        if isinstance(answer, JiraError):
            log.warning("assignee not looked up", extra=current.ids(error=str(answer)))
            matches[question] = Match(MatchState.NONE, None, asked=False)
            pauses.pause_if_asked(lease.connection_id, answer)
            continue
        matches[question] = answer
        if ours:
            people_matches.store(lease.connection_id, question[0], answer)
            late_matches.follow(lease.connection_id, question[0], held_by=lease.id)
    db.session.commit()
    return matches
