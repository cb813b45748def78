"""Which Jira account an assignee is (jira-platform.md §2.8, design.md §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError

from app.clock import utcnow
from app.extensions import db
from app.jira.types import Person
from app.models import AssigneeNote, JiraPerson, MatchState, Organization
from app.services.transactions import rows_changed

_NOTES = {
    MatchState.NONE: AssigneeNote.NOT_FOUND,
    MatchState.SEVERAL: AssigneeNote.SEVERAL,
    MatchState.DIFFERENT: AssigneeNote.DIFFERENT,
    MatchState.EXCLUDED: AssigneeNote.EXCLUDED,
    MatchState.NOT_SEARCHABLE: AssigneeNote.NOT_SEARCHABLE,
}
STATE_OF = {note: state for state, note in _NOTES.items()}
# Issues that went out without their owner, because nobody knew who that is in Jira.
UNMATCHED = frozenset(
    {*_NOTES.values(), AssigneeNote.NOT_LOOKED_UP, AssigneeNote.SUBSTITUTE_REFUSED}
)
# Of these, the reasons that another look-up may replace.
REPLACEABLE = UNMATCHED - {AssigneeNote.SUBSTITUTE_REFUSED}


@dataclass(frozen=True)
class Match:
    """What is known of an action item's owner in Jira.

    asked: Jira answered when it was asked.
    reason: why the owner cannot be assigned; None for a match that is used.
    """

    state: MatchState
    account_id: str | None
    account_name: str = ""
    asked: bool = True
    reason: AssigneeNote | None = field(init=False)

    def __post_init__(self) -> None:
        reason = _NOTES.get(self.state) if self.asked else AssigneeNote.NOT_LOOKED_UP
        object.__setattr__(self, "reason", reason)


KEPT = timedelta(days=7)


def known(connection_id: int, user_ids: Iterable[int | None]) -> dict[int, Match]:
    """Matches by user id: found ones for 7 days, picked ones until they are cleared."""
    ids = set(user_ids) - {None}
    if not ids:
        return {}
    rows = db.session.scalars(
        select(JiraPerson).where(
            JiraPerson.connection_id == connection_id, JiraPerson.user_id.in_(ids)
        )
    )
    fresh_since = utcnow() - KEPT
    return {
        row.user_id: Match(row.state, row.account_id)
        for row in rows
        if row.picked or row.found_at > fresh_since
    }


def substitute_of(organization: Organization) -> str | None:
    """The account that gets the issues of owners who are not matched; None: nobody."""
    return organization.settings.unmatched_account_id if organization.settings else None


def store(connection_id: int, user_id: int, match: Match) -> None:
    """Remember what was found; what somebody picked by hand meanwhile stays."""
    row = locked(connection_id, user_id)
    if not row.picked:
        row.state, row.account_id, row.found_at = match.state, match.account_id, utcnow()
        row.account_name = match.account_name
    db.session.flush()


def forget_expired(now: datetime) -> int:
    """Delete matches that were found more than 7 days before `now` (aware UTC), names included;
    how many.

    They are not used any more, and names of people are not kept for nothing (jira-platform.md §7).
    """
    old = delete(JiraPerson).where(JiraPerson.picked.is_(False), JiraPerson.found_at <= now - KEPT)
    return rows_changed(db.session, old)


def locked(connection_id: int, user_id: int) -> JiraPerson:
    """The member's row, locked: a look-up and an admin's choice may come at the same moment.

    Made if there is none, or taken over from whoever makes it right now.
    """
    query: Select[JiraPerson] = (
        select(JiraPerson)
        .where(JiraPerson.connection_id == connection_id, JiraPerson.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    known_row: JiraPerson | None = db.session.scalar(query)
    if known_row is not None:
        return known_row
    row = JiraPerson(
        connection_id=connection_id, user_id=user_id, state=MatchState.NONE, picked=False
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        made_meanwhile: JiraPerson = db.session.scalars(query).one()
        return made_meanwhile
    return row


def match(people: Sequence[Person], email: str) -> Match:
    """Decide whose account `email` is among the people that Jira found for it.

    One active person whose e-mail is equal or hidden is the one; several, or a shown e-mail that
    differs, is nobody: better unassigned than wrongly assigned.
    """
    candidates = [each for each in people if each.active and each.account_type == "atlassian"]
    shown = [each for each in candidates if (each.email or "").lower() == email.lower()]
    if len(shown) == 1:
        return Match(MatchState.MATCHED, shown[0].account_id, shown[0].display_name[:255])
    if not candidates:
        return Match(MatchState.NONE, None)
    if len(candidates) > 1:
        return Match(MatchState.SEVERAL, None)
    only = candidates[0]
    if only.email:
        return Match(MatchState.DIFFERENT, None)
    return Match(MatchState.HIDDEN, only.account_id, only.display_name[:255])


def unmatched(people: Sequence[Person], email: str, *, may_search: bool) -> Match:
    """Why nobody who can be assigned was found for `email`.

    people: whom Jira finds for it on the whole site. may_search: whether it would tell us, because
    without the permission to browse users it finds nobody (jira-platform.md §2.8).
    """
    theirs = {"", email.lower()}
    if any(
        each.account_type == "atlassian" and (each.email or "").lower() in theirs for each in people
    ):
        return Match(MatchState.EXCLUDED, None)
    return Match(MatchState.NONE if may_search else MatchState.NOT_SEARCHABLE, None)
