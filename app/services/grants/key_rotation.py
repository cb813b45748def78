"""Putting every stored token under the newest key, so that an older key can be taken away.

Safe beside a running installation: a row is changed only while it holds what was read of it, so a
token that a refresh has just replaced is never put back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from sqlalchemy import select, update

from app.extensions import db
from app.models import JiraConnection, PendingGrant
from app.services.grants import tokens
from app.services.transactions import rows_changed

BATCH = 50

Holder = type[JiraConnection] | type[PendingGrant]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Rotated:
    """How many rows were changed, were fine already, and hold what none of the keys decrypts."""

    changed: int = 0
    current: int = 0
    unreadable: int = 0

    def __add__(self, other: "Rotated") -> "Rotated":
        return Rotated(
            self.changed + other.changed,
            self.current + other.current,
            self.unreadable + other.unreadable,
        )


def reencrypt_all(holder: Holder) -> Iterator[Rotated]:
    """Re-encrypt the tokens of every row of `holder`, and yield what became of each batch.

    The caller commits after each batch: others wait for no more than one.
    """
    last_id = 0
    while ids := _ids_after(holder, last_id):
        yield sum((_reencrypt(holder, row_id) for row_id in ids), Rotated())
        last_id = ids[-1]


def _ids_after(holder: Holder, last_id: int) -> list[int]:
    found = select(holder.id).where(holder.id > last_id, holder.access_token.is_not(None))
    return list(db.session.scalars(found.order_by(holder.id).limit(BATCH)))


def _reencrypt(holder: Holder, row_id: int) -> Rotated:
    while True:  # once more only when a refresh or a reconnect was quicker
        pair = _pair(holder, row_id)
        if pair is None:
            return Rotated()
        if all(tokens.is_under_newest_key(each) for each in pair):
            return Rotated(current=1)
        try:
            access_token, refresh_token = map(tokens.reencrypt, pair)
        except InvalidToken:
            return Rotated(unreadable=1)
        unchanged = update(holder).where(
            holder.id == row_id, holder.access_token == pair[0], holder.refresh_token == pair[1]
        )
        values = {"access_token": access_token, "refresh_token": refresh_token}
        if rows_changed(db.session, unchanged.values(values)):
            return Rotated(changed=1)


def _pair(holder: Holder, row_id: int) -> Pair | None:
    """The row's tokens; None when they are gone: they are deleted together."""
    found = select(holder.access_token, holder.refresh_token).where(holder.id == row_id)
    row = db.session.execute(found).one_or_none()
    return (row[0], row[1]) if row and row[0] and row[1] else None
