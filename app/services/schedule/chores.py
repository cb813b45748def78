"""What the ticker cleans up and makes due, and how often it asks (design.md §2.1)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app.extensions import db
from app.services.activity import timeline
from app.services.backfill import runs
from app.services.connection import connect, disconnect
from app.services.follow_through import counting
from app.services.history import change_pages
from app.services.inbound import pending
from app.services.mail import outbox
from app.services.mapping import nightly
from app.services.people import matches
from app.services.reminders import rounds
from app.services.sync_log import pages
from app.services.webhooks import owed as webhooks_owed

SECOND, MINUTE, HOUR = timedelta(0), timedelta(minutes=1), timedelta(hours=1)

# When each chore, by its name, last found nothing. Of one that did find something the rest follows
# with the next tick: each does a batch.
Asked = Mapping[str, datetime]

log = logging.getLogger(__name__)


def _owe_calendar_mails(now: datetime) -> int:
    return rounds.owe(now) if outbox.is_set_up() else 0


@dataclass(frozen=True)
class Chore:
    """One question to the database, which is asked so often. `do` tells how much it found."""

    name: str
    do: Callable[[datetime], int]
    every: timedelta

    def is_due(self, asked: Asked, now: datetime) -> bool:
        """Also when a clock was set back."""
        last = asked.get(self.name)
        return last is None or not last <= now < last + self.every


# Whoever waits for it, waits no longer than this for it to begin; what is only old has time.
CHORES = (
    Chore("next slice of a backfill", runs.advance, SECOND),
    Chore("grants nobody chose a site for", connect.delete_expired_grants, MINUTE),
    Chore("disconnecting that was interrupted", disconnect.finish_interrupted, MINUTE),
    Chore("webhooks of an earlier address", webhooks_owed.owe_after_a_move, MINUTE),
    Chore("daily checks", nightly.owe, MINUTE),
    Chore("digests and reminders", _owe_calendar_mails, MINUTE),
    Chore("months of follow-through", counting.catch_up, MINUTE),
    Chore("old entries of the Sync Log", pages.prune, HOUR),
    Chore("old changes", change_pages.prune, HOUR),
    Chore("old changes of action items", timeline.prune, HOUR),
    Chore("old deliveries", pending.prune, HOUR),
    Chore("matches after seven days", matches.forget_expired, HOUR),
)


def do(asked: Asked, now: datetime) -> Asked:
    """Do what is due at `now` (aware UTC); what was asked when, to be kept once it is committed.

    One that raises keeps nobody from the others. Raises only what concerns them all: that the
    database or Redis is out of reach. The session must hold nothing else: it may be rolled back.
    """
    found = _found([chore for chore in CHORES if chore.is_due(asked, now)], now)
    return {
        **{name: when for name, when in asked.items() if name not in found},
        **{name: now for name, number in found.items() if not number},
    }


def _found(chores: Sequence[Chore], now: datetime) -> dict[str, int]:
    """How much each has found; nothing where it raised: it is asked again in its time.

    What others did before it is rolled back with it, and done again without it: a savepoint for
    each would cost every second what this costs hardly ever.
    """
    found = {}
    for chore in chores:
        try:
            found[chore.name] = chore.do(now)
        except Exception as error:
            if _concerns_all(error):
                raise
            log.exception("chore failed", extra={"chore": chore.name})
            db.session.rollback()
            others = [each for each in chores if each is not chore]
            return {**_found(others, now), chore.name: 0}
    return found


def _concerns_all(error: Exception) -> bool:
    """Whether it is no single row's fault."""
    away = isinstance(error, DBAPIError | NoFreeConnection | RedisError)
    return away and not isinstance(error, DataError | IntegrityError)
