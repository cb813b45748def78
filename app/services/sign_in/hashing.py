"""Passwords are hashed one at a time in a process, and outside of transactions.

A hash takes a core for a tenth of a second. Sixty people who sign in at once would hold every
thread of a web process, and with them everybody's pages; whoever finds the line full is asked to
come back instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from werkzeug.security import check_password_hash, generate_password_hash

from app.clock import monotonic
from app.identifiers import new_secret
from app.services.errors import UnpackError
from app.services.transactions import refuse_open_transaction
from app.side_by_side import Line, TurnedAway

# scrypt with 32 MB and 2^15 rounds: what OWASP's password storage cheat sheet asks for is 2^17,
# or this with parallelization 3.
METHOD = "scrypt:32768:8:3"
# Behind the one whose password is hashed one waits: of a process's threads, at least
# four (`config.LEAST_THREADS`), two are always left for everybody else's pages.
WAITING = 1


class LineFull(UnpackError):
    """after: in how many seconds it is worth to come again, which is another moment for each."""

    sentence = "Many people sign in at this moment."

    def __init__(self, after: float = 0.0) -> None:
        super().__init__()
        self.after = after


class _Moments:
    """Gives whoever is turned away a moment to come again: one hash after the other.

    Without it all would come again at once, and all but two be turned away again.
    """

    def __init__(self) -> None:
        self.takes = 0.3  # seconds, as hashes have taken lately
        self._next = 0.0

    def took(self, seconds: float) -> None:
        self.takes += (seconds - self.takes) / 5

    def seconds_to_the_next(self) -> float:
        now = monotonic()
        self._next = max(self._next, now) + self.takes
        return self._next - now


LINE = Line(length=WAITING, patience=2.0)  # seconds
# The accounts of those who stand in it.
_in_line: dict[str, object] = {}
_moments = _Moments()


@contextmanager
def turn(whose: str = "") -> Iterator[None]:
    """Be the one who hashes. Raises `LineFull`, and `TransactionOpen` where one is.

    whose: the address of the account, which stands in the line once: right passwords are counted
    nowhere, and whoever sends one again and again leaves the other place to everybody else.
    """
    refuse_open_transaction()
    with _once(whose):
        try:
            with LINE.turn():
                began = monotonic()
                yield
                _moments.took(monotonic() - began)
        except TurnedAway:
            raise LineFull(_moments.seconds_to_the_next()) from None


@contextmanager
def _once(whose: str) -> Iterator[None]:
    own = object()
    if whose and _in_line.setdefault(whose, own) is not own:  # one step, whatever others do
        raise LineFull
    try:
        yield
    finally:
        if whose:
            del _in_line[whose]


def matches(stored: str, password: str) -> bool:
    """Whether `password` was hashed to `stored`. Nobody's, an empty one, takes as long."""
    return check_password_hash(stored or _nobodys(), password) and bool(stored)


def make(password: str, method: str = METHOD) -> str:
    """The hash to store of a password. A weaker `method` is for passwords that everybody knows."""
    return generate_password_hash(password, method)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return generate_password_hash(new_secret(), METHOD)
