"""Where people are signed in: a row each, so that a session can be seen, and ended from elsewhere.

The cookie holds a token, the row its hash: whoever reads the database comes in nowhere.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import joinedload

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_secret
from app.models import User, UserSession
from app.services.sign_in import devices

IDLE = timedelta(days=14)
LIFE = timedelta(days=90)
# As exact as a list of sessions needs it; each is a write.
NOTED = timedelta(minutes=10)
BATCH = 100


def begin(user: User, user_agent: str) -> str:
    """Begin a session of a person in the browser that calls itself so; its token, for the cookie.

    Deletes some that have ended.
    """
    now, token = utcnow(), new_secret()
    _forget_ended(now)
    device = devices.named(user_agent)
    db.session.add(
        UserSession(
            user_id=user.id,
            token_hash=_hash(token),
            device=device.words,
            mobile=device.mobile,
            began_at=now,
            used_at=now,
        )
    )
    db.session.flush()
    return token


def find(token: str, user_id: int) -> UserSession | None:
    """The session with its person, in one statement; None when it has ended."""
    asked = {"token_hash": _hash(token), "user_id": user_id}
    found: UserSession | None = db.session.scalar(_with_its_person(), asked)
    return None if found is None or ends_at(found) <= utcnow() else found


@cache  # each request asks it: to put it together takes as long as to ask it
def _with_its_person() -> Select[UserSession]:
    return (
        select(UserSession)
        .where(
            UserSession.token_hash == bindparam("token_hash"),
            UserSession.user_id == bindparam("user_id"),
        )
        .options(joinedload(UserSession.user, innerjoin=True))
    )


def ends_at(session: UserSession) -> datetime:
    """When it ends if nobody uses it any more."""
    return min(session.used_at + IDLE, session.began_at + LIFE)


def is_to_be_noted(session: UserSession, now: datetime) -> bool:
    """Whether its use was noted so long ago that it is worth a write."""
    return now - session.used_at >= NOTED


def note_use(session_id: int, now: datetime) -> None:
    """A page was opened in it. The caller has ended the transaction in which it was read."""
    statement = update(UserSession).where(UserSession.id == session_id)
    db.session.execute(statement.values(used_at=now))


def open_of(user: User) -> Sequence[UserSession]:
    """The person's sessions, the one that was used last first."""
    latest_first = select(UserSession).order_by(UserSession.used_at.desc(), UserSession.id.desc())
    found = db.session.scalars(latest_first.where(UserSession.user_id == user.id)).all()
    return [each for each in found if ends_at(each) > utcnow()]


def end(user: User, session_id: int) -> None:
    """End one of the person's own; one that is gone has ended."""
    own = UserSession.user_id == user.id
    db.session.execute(delete(UserSession).where(own, UserSession.id == session_id))


def end_all_of(user: User, *, but: UserSession | None = None) -> int:
    """End all of the person's, or all others. How many there were."""
    ended = delete(UserSession).where(UserSession.user_id == user.id)
    if but is not None:
        ended = ended.where(UserSession.id != but.id)
    else:
        user.session_generation += 1  # for a process of the version before, which reads that
    return len(db.session.scalars(ended.returning(UserSession.id)).all())


def _forget_ended(now: datetime) -> None:
    ended = (UserSession.used_at <= now - IDLE) | (UserSession.began_at <= now - LIFE)
    some = select(UserSession.id).where(ended).limit(BATCH).with_for_update(skip_locked=True)
    db.session.execute(delete(UserSession).where(UserSession.id.in_(some)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
