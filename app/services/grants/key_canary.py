"""Whether TOKEN_ENCRYPTION_KEYS are the keys of this database, before anything is done with them.

Under other keys no token can be read, and what one process stores the others could not read: every
organization would have to connect again. A row holds one known word under a key, so that this is
found at the start, also where nobody has connected yet.
"""

from cryptography.fernet import InvalidToken
from sqlalchemy import func, select, update

from app.extensions import db
from app.models import Installation, JiraConnection
from app.services.grants import installation, tokens
from app.services.transactions import rows_changed

WORD = "canary"


def is_readable() -> bool:
    """Whether the keys read what is stored; stores the word where it is missing. Flushes."""
    stored = db.session.scalar(select(Installation.key_canary).where(Installation.id == 1))
    if stored is not None:
        return _reads(stored)
    if not _reads_newest_token():
        return False
    return _reads(_store())


def reencrypt() -> None:
    """Put the word under the newest key; raises `InvalidToken` if no key fits."""
    row = db.session.get(Installation, 1, with_for_update=True)
    if row is not None and row.key_canary is not None:
        row.key_canary = tokens.reencrypt(row.key_canary)


def begin_anew() -> None:
    """The key in use is lost for good: from now on the newest of those that we have is the one."""
    installation.row().key_canary = tokens.encrypt(WORD)
    db.session.flush()


def _store() -> str:
    """Of several processes that start at once, one stores the word; what is stored then."""
    installation.row()
    word = tokens.encrypt(WORD)
    missing = update(Installation).where(Installation.id == 1, Installation.key_canary.is_(None))
    if rows_changed(db.session, missing.values(key_canary=word)):
        return word
    stored = db.session.scalar(select(Installation.key_canary).where(Installation.id == 1))
    return stored or word


def _reads_newest_token() -> bool:
    """Of before there was a word."""
    newest = db.session.scalar(
        select(JiraConnection.refresh_token)
        .where(JiraConnection.refresh_token.is_not(None))
        .order_by(func.coalesce(JiraConnection.refreshed_at, JiraConnection.connected_at).desc())
        .limit(1)
    )
    return newest is None or _reads(newest)


def _reads(stored: str) -> bool:
    try:
        tokens.decrypt(stored)
    except InvalidToken:
        return False
    return True
