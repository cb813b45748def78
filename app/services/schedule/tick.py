"""What the ticker does once a second: clean up, and ring for whatever is due (design.md §2)."""

from datetime import datetime

from app import queue
from app.extensions import writing
from app.services.connection import grant_upkeep
from app.services.mail import sending
from app.services.metadata import owed as metadata_owed
from app.services.schedule import chores, due_drains, due_notices
from app.services.schedule.chores import Asked
from app.services.webhooks import owed as webhooks_owed
from app.services.webhooks import webhook_tests

NOTHING_ASKED: Asked = {}


def clean_up(now: datetime, asked: Asked = NOTHING_ASKED) -> Asked:
    """Delete what has expired and finish what a dead process left half done. `now`: aware UTC.

    Of old entries, changes and deliveries one batch a time: the rest follows with the next ticks.
    asked: what the last call gave back, so that little is asked each second; without, all is. To
    be kept once this is committed.
    """
    return chores.do(asked, now)


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
    notices = [(queue.NOTIFY_ADMINS, each) for each in due_notices.due_connections(now)]
    mails = [(queue.SEND_MAIL, each) for each in sending.due_mails(now)]
    tests = [(queue.SEND_WEBHOOK_TEST, each) for each in webhook_tests.owed_connections(now)]
    upkeep = [(queue.KEEP_WEBHOOK, each) for each in webhooks_owed.owed_connections(now)]
    upkeep += [(queue.KEEP_GRANT, each) for each in grant_upkeep.owed_connections(now)]
    return reads + upkeep + notices + mails + tests + pushes
