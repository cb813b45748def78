"""How many deliveries a connection may get: Jira never sends so many, and each is a row here.

Counted in Redis for all web processes; without Redis nobody is counted. What is over the rate is
not lost: it is answered with 503, which Jira repeats and which brings a reconciliation.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from redis.exceptions import RedisError

from app.queue import redis_connection

# A bulk change in Jira sends some hundreds within seconds, and Jira's limits are far below this.
AT_MOST = 3000  # deliveries of one connection
WITHIN = 300  # seconds

log = logging.getLogger(__name__)


class TooManyDeliveries(Exception):
    """A connection has got more deliveries than it may."""


def count(connection_ids: Iterable[int], now: datetime) -> set[int]:
    """Count a delivery for each of these; those that got more than they may. `now`: aware UTC."""
    arrived = Counter(connection_ids)
    if not arrived:
        return set()
    window = int(now.timestamp()) // WITHIN
    try:
        with redis_connection().pipeline(transaction=False) as pipeline:
            for each, many in arrived.items():
                pipeline.incrby(f"deliveries:{each}:{window}", many)
                pipeline.expire(f"deliveries:{each}:{window}", WITHIN)
            counted = pipeline.execute()[::2]
    except RedisError as error:
        log.warning("deliveries not counted", extra={"error": str(error)})
        return set()
    return {each for each, many in zip(arrived, counted, strict=True) if many > AT_MOST}
