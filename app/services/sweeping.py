"""What the ticker does once a second: clean up, and ring for whatever is due (design.md §2)."""

from datetime import datetime

from app import queue
from app.extensions import writing
from app.services import (
    backfill,
    blocked_notices,
    connecting,
    disconnecting,
    grant_upkeep,
    metadata,
    nightly_checks,
    sync_log,
    trouble_notices,
    webhook_tests,
    webhooks,
)
from app.services.returning import told
from app.services.sync import due, people


def clean_up(now: datetime) -> None:
    """Delete what has expired and finish what a dead process left half done. `now`: aware UTC.

    Of old entries and deliveries one batch a time: what is left follows with the next ticks.
    """
    sync_log.prune(now)
    told.prune(now)
    connecting.delete_expired_grants(now)
    disconnecting.finish_interrupted(now)
    webhooks.owe_after_a_move(now)
    backfill.advance(now)
    nightly_checks.owe(now)
    people.forget_expired(now)


def bells(now: datetime) -> list[tuple[str, int]]:
    """The jobs that should run now, each with its connection; several tickers do no harm.

    Only reads: on SQLite it waits for nobody who writes, and nobody waits for it.
    """
    before = writing.set(False)
    try:
        return _bells(now)
    finally:
        writing.reset(before)


def _bells(now: datetime) -> list[tuple[str, int]]:
    pushes = [(queue.SYNC_CONNECTION, each) for each in due.due_connections(now)]
    reads = [(queue.REFRESH_METADATA, each) for each in metadata.owed_connections(now)]
    untold = {*trouble_notices.owed_connections(now), *blocked_notices.owed_connections(now)}
    notices = [(queue.NOTIFY_ADMINS, each) for each in sorted(untold)]
    tests = [(queue.SEND_WEBHOOK_TEST, each) for each in webhook_tests.owed_connections(now)]
    upkeep = [(queue.KEEP_WEBHOOK, each) for each in webhooks.owed_connections(now)]
    upkeep += [(queue.KEEP_GRANT, each) for each in grant_upkeep.owed_connections(now)]
    return reads + upkeep + notices + tests + pushes
