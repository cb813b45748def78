"""What the ticker does once a second: clean up, and ring for whatever is due (design.md §2)."""

from datetime import datetime

from app import queue
from app.extensions import writing
from app.services.activity import timeline
from app.services.backfill import runs
from app.services.connection import connect, disconnect, grant_upkeep
from app.services.history import change_pages
from app.services.inbound import pending
from app.services.mail import (
    blocked_notices,
    outbox,
    sending,
    suspension_notices,
    trouble_notices,
)
from app.services.mapping import nightly
from app.services.metadata import owed as metadata_owed
from app.services.people import matches
from app.services.reminders import rounds
from app.services.schedule import due_drains
from app.services.sync_log import pages
from app.services.webhooks import owed as webhooks_owed
from app.services.webhooks import webhook_tests


def clean_up(now: datetime) -> None:
    """Delete what has expired and finish what a dead process left half done. `now`: aware UTC.

    Of old entries, changes and deliveries one batch a time: the rest follows with the next ticks.
    """
    pages.prune(now)
    change_pages.prune(now)
    timeline.prune(now)
    pending.prune(now)
    connect.delete_expired_grants(now)
    disconnect.finish_interrupted(now)
    webhooks_owed.owe_after_a_move(now)
    runs.advance(now)
    nightly.owe(now)
    matches.forget_expired(now)
    if outbox.is_set_up():
        rounds.owe(now)


def bells(now: datetime) -> list[tuple[str, int]]:
    """The jobs that should run now, each with its row's id; several tickers do no harm.

    Only reads: on SQLite it waits for nobody who writes, and nobody waits for it.
    """
    before = writing.set(False)
    try:
        return _bells(now)
    finally:
        writing.reset(before)


def _bells(now: datetime) -> list[tuple[str, int]]:
    pushes = [(queue.SYNC_CONNECTION, each) for each in due_drains.due_connections(now)]
    reads = [(queue.REFRESH_METADATA, each) for each in metadata_owed.owed_connections(now)]
    tellers = (trouble_notices, blocked_notices, suspension_notices)
    untold = {each for teller in tellers for each in teller.owed_connections(now)}
    notices = [(queue.NOTIFY_ADMINS, each) for each in sorted(untold)]
    mails = [(queue.SEND_MAIL, each) for each in sending.due_mails(now)]
    tests = [(queue.SEND_WEBHOOK_TEST, each) for each in webhook_tests.owed_connections(now)]
    upkeep = [(queue.KEEP_WEBHOOK, each) for each in webhooks_owed.owed_connections(now)]
    upkeep += [(queue.KEEP_GRANT, each) for each in grant_upkeep.owed_connections(now)]
    return reads + upkeep + notices + mails + tests + pushes
