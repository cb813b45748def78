"""How often somebody guessed, in rows: they hold whatever Redis does, and for every process.

A try counts before its password is looked at, so that many at once are not more than the budget.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db, hidden
from app.models import SignInGuesses
from app.services.errors import UnpackError
from app.services.sign_in import delays
from app.services.sign_in.delays import Budget

BATCH = 100
# Since when whoever need not wait is free: before every clock, for who has looked at theirs may
# then have to wait for the row, and another writes it meanwhile.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class TooManyGuesses(UnpackError):
    """`until`: from when on the next one is looked at (aware UTC)."""

    sentence = "Too many passwords were wrong."

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def key_of_account(email: str) -> str:
    """Under which wrong passwords of an address are counted, whoever guesses."""
    return hidden(f"account {email}")


def key_of_own_password(user_id: int) -> str:
    """The same for somebody who is in, and has to say the password again."""
    return hidden(f"password of {user_id}")


def refuse_waiting(budgets: Sequence[Budget], now: datetime) -> None:
    """Raise `TooManyGuesses` where one of `budgets` has to wait. Reads only: `take` decides."""
    waits = select(func.max(SignInGuesses.free_at)).where(
        SignInGuesses.key.in_([budget.key for budget in budgets]), SignInGuesses.free_at > now
    )
    until = db.session.scalar(waits)
    if until is not None:
        raise TooManyGuesses(until)


def take(budgets: Sequence[Budget], now: datetime) -> None:
    """Count a try on each of `budgets`, or raise `TooManyGuesses` and count it on none.

    The caller commits before the password is looked at, or rolls back.
    """
    counted = [(budget, _held(budget, now)) for budget in sorted(budgets)]
    waiting = [row.free_at for _, row in counted if row.free_at > now]
    if waiting:
        raise TooManyGuesses(max(waiting))
    for budget, row in counted:
        row.failures += 1
        wait = delays.after(row.failures, budget)
        row.free_at = now + wait if wait else LONG_AGO
        row.forgotten_at = now + max(budget.quiet, wait)
    db.session.flush()


def give_back(budgets: Sequence[Budget]) -> None:
    """Take a counted try back: it was right, or nobody looked at it."""
    for key in sorted(budget.key for budget in budgets):
        db.session.execute(
            update(SignInGuesses)
            .where(SignInGuesses.key == key, SignInGuesses.failures > 0)
            .values(failures=SignInGuesses.failures - 1, free_at=LONG_AGO)
        )


def forget(keys: Sequence[str]) -> None:
    """Begin again at nothing: whoever it was is in."""
    db.session.execute(delete(SignInGuesses).where(SignInGuesses.key.in_(keys)))


def _held(budget: Budget, now: datetime) -> SignInGuesses:
    """The row of a budget, locked; at nothing if there was none, or only an expired one."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    fresh = {"failures": 0, "free_at": LONG_AGO, "forgotten_at": now + budget.quiet}
    once = insert(SignInGuesses).values(key=budget.key, **fresh)
    # An update of nothing, because that locks the row.
    held = once.on_conflict_do_update(index_elements=["key"], set_={"key": budget.key})
    db.session.execute(held)
    row = db.session.get_one(SignInGuesses, budget.key, populate_existing=True)
    since_last = now - (row.forgotten_at - budget.quiet)
    row.failures = delays.left(row.failures, since_last, budget) if row.forgotten_at > now else 0
    return row


def forget_expired(now: datetime) -> None:
    """Delete some that mean nothing any more, but what somebody holds. In a transaction in which
    none was taken: rows are locked in any order."""
    expired = (
        select(SignInGuesses.key)
        .where(SignInGuesses.forgotten_at <= now)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    db.session.execute(delete(SignInGuesses).where(SignInGuesses.key.in_(expired)))
