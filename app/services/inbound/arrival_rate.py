"""How many deliveries a connection may get: Jira never sends so many, and each is a row here.

Counted in Redis for all web processes; without Redis nobody is counted. What is over the rate is
not lost: it is answered with 503, which Jira repeats and which brings a reconciliation.
"""

import logging
from datetime import datetime

from redis.exceptions import RedisError

from app.queue import redis_connection

# A bulk change in Jira sends some hundreds within seconds, and Jira's limits are far below this.
AT_MOST = 3000  # deliveries of one connection
WITHIN = 300  # seconds

log = logging.getLogger(__name__)


class TooManyDeliveries(Exception):
    """A connection has got more deliveries than it may."""


def count(connection_id: int, now: datetime) -> None:
    """Count one delivery; raise `TooManyDeliveries` for one too many. `now` is aware UTC."""
    key = f"deliveries:{connection_id}:{int(now.timestamp()) // WITHIN}"
    try:
        with redis_connection().pipeline(transaction=False) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, WITHIN)
            counted, _ = pipeline.execute()
    except RedisError as error:
        log.warning("deliveries not counted", extra={"error": str(error)})
        return
    if counted > AT_MOST:
        raise TooManyDeliveries
