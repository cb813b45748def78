"""`python -m jobs.ticker`: sweeper, retry timer and schedule in one, once a second.

Several copies at once do no harm, and a second without a tick is only a second's delay: an outage
of the database or of Redis is logged once when it begins and once when it ends.
"""

import logging
import signal
import sys
from contextlib import suppress
from datetime import datetime

from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app import clock, queue, starting, stopping
from app.clock import utcnow
from app.extensions import db
from app.services.owed import reconciliations
from app.services.schedule import tick as schedule_tick
from app.services.schedule.chores import Asked
from config import ConfigurationError
from jobs import context

INTERVAL = 1.0  # seconds

log = logging.getLogger(__name__)


def main() -> int:
    """Tick until asked to stop: 0; 1 with one sentence when it cannot."""
    try:
        app = context.application()
        starting.refuse(app)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopping.request_stop)
    log.info("ticker ready")
    in_outage = False
    asked: dict[str, datetime] = {}
    while not stopping.stop_requested():
        in_outage = not tick(app, in_outage, asked)
        _say_that_it_runs(app)
        clock.sleep(INTERVAL)
    return 0


def tick(app: Flask, in_outage: bool = False, asked: dict[str, datetime] | None = None) -> bool:
    """Do whatever is due now. False when the database or Redis is out of reach.

    asked: what ticks before asked when, which this one adds to; without, all is asked.
    """
    asked = {} if asked is None else asked
    with app.app_context():
        try:
            if in_outage:  # webhooks that came meanwhile could not be stored
                reconciliations.owe_all(utcnow())
                db.session.commit()
            now_asked = schedule_tick.clean_up(utcnow(), asked)
            db.session.commit()
            _keep(asked, now_asked)
            bells = schedule_tick.bells(utcnow())
            db.session.rollback()
            for job, row_id in bells:
                queue.ring(row_id, job)
        except (DBAPIError, NoFreeConnection, RedisError) as error:
            if not in_outage:
                log.warning("ticks do nothing for now", extra={"error": _first_line(error)})
            return False
    if in_outage:
        log.info("ticks work again")
    return True


def _keep(asked: dict[str, datetime], now_asked: Asked) -> None:
    asked.clear()
    asked.update(now_asked)


def _say_that_it_runs(app: Flask) -> None:
    """For whoever asks whether the installation is ready; a Redis that is away says so itself."""
    with app.app_context(), suppress(RedisError):
        queue.note_ticker()


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
