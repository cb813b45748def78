"""Whether this installation can do its work now: what a load balancer or a pager asks for."""

from collections.abc import Iterator

from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app import migrated, queue


def missing(app: Flask) -> list[str]:
    """The parts that are not there, by the words that the answer names them with."""
    return [*_of_database(app), *_of_redis()]


def _of_database(app: Flask) -> Iterator[str]:
    try:
        if not migrated.is_current(app):
            yield "migrations"
    except (DBAPIError, NoFreeConnection):
        yield "database"


def _of_redis() -> Iterator[str]:
    try:
        if not queue.has_worker():
            yield "worker"
        if not queue.has_ticker():
            yield "ticker"
    except RedisError:
        yield "redis"
