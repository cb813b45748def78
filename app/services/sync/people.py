"""Which Jira account an assignee is (PLATFORM §2.8, DESIGN §4)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.jira.types import Person
from app.models import JiraPerson, MatchState, utcnow
from app.services.sync.planning import Match

KEPT = timedelta(days=7)


def known(connection_id: int, user_ids: Iterable[int]) -> dict[int, Match]:
    """Matches by user id: found ones for 7 days, picked ones until they are cleared."""
    rows = db.session.scalars(
        select(JiraPerson).where(
            JiraPerson.connection_id == connection_id, JiraPerson.user_id.in_(set(user_ids))
        )
    )
    fresh_since = utcnow() - KEPT
    return {
        row.user_id: Match(row.state, row.account_id)
        for row in rows
        if row.picked or row.found_at > fresh_since
    }


def store(connection_id: int, user_id: int, match: Match) -> None:
    """Remember what was found; what somebody picked by hand meanwhile stays."""
    row = db.session.scalar(
        select(JiraPerson).where(
            JiraPerson.connection_id == connection_id, JiraPerson.user_id == user_id
        )
    )
    if row is None:
        row = JiraPerson(connection_id=connection_id, user_id=user_id, picked=False)
        db.session.add(row)
    if not row.picked:
        row.state, row.account_id, row.found_at = match.state, match.account_id, utcnow()
    db.session.flush()


def match(people: Sequence[Person], email: str) -> Match:
    """Decide whose account `email` is among the people that Jira found for it.

    One active person whose e-mail is equal or hidden is the one; several, or a shown e-mail that
    differs, is nobody: better unassigned than wrongly assigned.
    """
    candidates = [each for each in people if each.active and each.account_type == "atlassian"]
    shown = [each for each in candidates if (each.email or "").lower() == email.lower()]
    if len(shown) == 1:
        return Match(MatchState.MATCHED, shown[0].account_id)
    if not candidates:
        return Match(MatchState.NONE, None)
    if len(candidates) > 1:
        return Match(MatchState.SEVERAL, None)
    if candidates[0].email:
        return Match(MatchState.DIFFERENT, None)
    return Match(MatchState.HIDDEN, candidates[0].account_id)
