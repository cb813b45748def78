"""The members of an organization with their Jira accounts, and what an admin does about them.

Reads and writes rows; Jira is asked by the refresh of the metadata (`people_lookups`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, JiraPerson, MatchState, Membership, User, WorkKind
from app.models.holding import hold
from app.services import audit
from app.services.errors import UnpackError
from app.services.owed import metadata_reads
from app.services.people import late_matches, lookups, matches, search

USED = (MatchState.MATCHED, MatchState.HIDDEN)


class MatchStatus(StrEnum):
    """How a member stands: what the last look found, or that there was none."""

    NONE = "none"
    SEVERAL = "several"
    DIFFERENT = "different"
    EXCLUDED = "excluded"
    NOT_SEARCHABLE = "not-searchable"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"
    PICKED = "picked"
    MATCHED = "matched"


class Shown(StrEnum):
    ALL = "all"
    NEED_A_LOOK = "need-a-look"
    MATCHED = "matched"
    PICKED = "picked"


class Prompt(StrEnum):
    """What somebody has to do, or to know, before members can be matched."""

    CHOOSE_PROJECT = "choose-project"
    TROUBLE = "trouble"
    LOOK_UP = "look-up"


_GROUPS = {
    Shown.ALL: frozenset(MatchStatus),
    Shown.NEED_A_LOOK: frozenset(MatchStatus)
    - {MatchStatus.UNKNOWN, MatchStatus.PICKED, MatchStatus.MATCHED},
    Shown.MATCHED: frozenset({MatchStatus.MATCHED}),
    Shown.PICKED: frozenset({MatchStatus.PICKED}),
}
_ORDER = list(MatchStatus)


@dataclass(frozen=True)
class Member:
    """One member; `person` is what is remembered of them, nothing while that is too old."""

    membership: Membership
    person: JiraPerson | None
    status: MatchStatus


@dataclass(frozen=True)
class People:
    """Everybody, the troubled first. `looking`: look-ups are under way.

    `tries_again`: what `trouble` kept from being looked up is still wanted. `account`: who looks.
    """

    members: Sequence[Member]
    project_key: str | None
    connected: bool
    looking: bool
    trouble: str | None
    tries_again: bool
    account: str = ""

    def of(self, shown: Shown, text: str = "") -> list[Member]:
        """The members of one group whose name or address has `text` in it."""
        return [
            member
            for member in self.members
            if member.status in _GROUPS[shown]
            and search.finds(text, member.membership.user.name, member.membership.user.email)
        ]

    @property
    def may_look(self) -> bool:
        """Whether Jira can be asked for accounts."""
        return self.connected and self.project_key is not None

    @property
    def prompt(self) -> Prompt | None:
        """The first thing that keeps members from being known, if anything does."""
        if self.project_key is None:
            return Prompt.CHOOSE_PROJECT
        if self.trouble:
            return Prompt.TROUBLE
        wanted = self.unknown and self.connected and not self.looking
        return Prompt.LOOK_UP if wanted else None

    @property
    def matched(self) -> int:
        """How many are matched beyond doubt: each member is this, needs a look, or is unknown."""
        return sum(
            member.status in {MatchStatus.MATCHED, MatchStatus.PICKED} for member in self.members
        )

    @property
    def unknown(self) -> int:
        """How many have not been looked up in the last 7 days."""
        return sum(member.status is MatchStatus.UNKNOWN for member in self.members)


class NothingToConfirm(UnpackError):
    sentence = "There is no account to confirm any more. Look again or pick one."


def people_of(connection: JiraConnection) -> People:
    """Who is matched and who is not. Asks nobody: what is not known is being looked up or not."""
    rows = _fresh_rows(connection)
    memberships = db.session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(Membership.organization_id == connection.organization_id)
        .order_by(User.name, User.id)
        .options(contains_eager(Membership.user))
    )
    members = [_member(each, rows.get(each.user_id)) for each in memberships]
    looking, reading = connection.works[WorkKind.PEOPLE], connection.works[WorkKind.METADATA]
    wanted = looking.due_at is not None
    failing = wanted and reading.error is not None
    return People(
        sorted(members, key=lambda member: _ORDER.index(member.status)),
        lookups.searched_project(connection),
        connected=connection.connected,
        looking=wanted and connection.connected and not failing,
        trouble=reading.error if failing else looking.error,
        tries_again=wanted,
        account=connection.account_name,
    )


def look_again(connection: JiraConnection, user_id: int | None = None) -> None:
    """Forget what was found, of one member or of all, and look again. Picked accounts stay."""
    found = delete(JiraPerson).where(
        JiraPerson.connection_id == connection.id, JiraPerson.picked.is_(False)
    )
    db.session.execute(found if user_id is None else found.where(JiraPerson.user_id == user_id))
    metadata_reads.want_people(connection, utcnow())


def pick(
    connection: JiraConnection, user_id: int, account_id: str, account_name: str, by: User
) -> int:
    """Let the account be the member's until somebody clears it.

    Returns how many issues went out without it and are to be looked at again. Holds the connection
    with its work first: a drain that gathers matches and claims links has its lease locked, so it
    either knows the account, or its links are seen to be claimed.
    """
    hold(connection.id)
    row = matches.locked(connection.id, user_id)
    _record(connection, user_id, row.account_id if row.picked else None, account_id, by)
    row.state, row.picked, row.picked_by_id = MatchState.MATCHED, True, by.id
    row.account_id, row.account_name = account_id, account_name[:255]
    row.found_at = utcnow()
    db.session.flush()
    late_matches.forget_refusals(connection.id, user_id)
    return late_matches.follow(connection.id, user_id)


def confirm(connection: JiraConnection, user_id: int, by: User) -> None:
    """Turn the only account found, whose e-mail Jira hides, into a picked one.

    Raises NothingToConfirm when it is no longer the one.
    """
    row = _fresh_rows(connection).get(user_id)
    if row is None or row.state not in USED or row.account_id is None:
        raise NothingToConfirm
    pick(connection, user_id, row.account_id, row.account_name, by)


def clear(connection: JiraConnection, user_id: int, by: User) -> None:
    """Drop what was picked by hand; the member is looked up again."""
    own = (JiraPerson.connection_id == connection.id, JiraPerson.user_id == user_id)
    row = db.session.scalar(select(JiraPerson).where(*own).with_for_update())
    _record(connection, user_id, row.account_id if row and row.picked else None, None, by)
    db.session.execute(delete(JiraPerson).where(*own))
    metadata_reads.want_people(connection, utcnow())


def _record(
    connection: JiraConnection, user_id: int, before: str | None, after: str | None, by: User
) -> None:
    if before != after:
        audit.record(
            connection.organization,
            by,
            "jira.account-changed",
            member=user_id,
            before=before,
            after=after,
        )


def _fresh_rows(connection: JiraConnection) -> dict[int, JiraPerson]:
    rows = db.session.scalars(select(JiraPerson).where(JiraPerson.connection_id == connection.id))
    fresh_since = utcnow() - matches.KEPT
    return {row.user_id: row for row in rows if row.picked or row.found_at > fresh_since}


def _member(membership: Membership, row: JiraPerson | None) -> Member:
    if row is None:
        return Member(membership, None, MatchStatus.UNKNOWN)
    status = MatchStatus.PICKED if row.picked else MatchStatus(row.state.value)
    return Member(membership, row, status)
