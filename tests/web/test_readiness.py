"""`/readyz` says which part of an installation is missing, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from redis import Redis
from sqlalchemy import text

from app import create_app, queue
from app.clock import utcnow
from app.extensions import db
from jobs.worker import SyncWorker, build_worker
from tests.support import settings
from tests.support.people import Person


@pytest.fixture
def worker(app: Flask, redis: Redis) -> Iterator[SyncWorker]:
    """One that has said that it works."""
    made = build_worker(app, redis)
    made.register_birth()
    yield made
    made.register_death()


def asked(person: Person, host: str = "localhost") -> tuple[int, str]:
    answer = person.get("/readyz", base_url=f"http://{host}")
    return answer.status_code, answer.text


def test_with_all_its_parts_it_is_ready(client: Person, worker: SyncWorker) -> None:
    queue.note_ticker()

    assert asked(client) == (200, "ok\n")
    assert asked(client, "10.0.3.17:8000") == (200, "ok\n")  # as a load balancer asks


def test_who_does_not_run_is_named(client: Person, worker: SyncWorker) -> None:
    assert asked(client) == (503, "missing: ticker\n")
    queue.note_ticker()
    worker.register_death()

    assert asked(client) == (503, "missing: worker\n")


def test_who_was_not_heard_of_for_a_minute_does_not_run(client: Person, worker: SyncWorker) -> None:
    queue.note_ticker()

    with time_machine.travel(utcnow() + timedelta(seconds=70), tick=True):
        assert asked(client) == (503, "missing: worker\n")


@pytest.mark.both_databases
def test_a_database_of_before_is_named(client: Person, worker: SyncWorker) -> None:
    queue.note_ticker()
    renamed = text("UPDATE alembic_version SET version_num = :to")
    before = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    db.session.execute(renamed, {"to": "0001"})
    db.session.commit()
    try:
        assert asked(client) == (503, "missing: migrations\n")
    finally:
        db.session.execute(renamed, {"to": before})
        db.session.commit()


def test_a_redis_that_is_away_is_named(database_url: str) -> None:
    app = create_app(settings.build(database_url=database_url, redis_url="unix:///nowhere.sock"))
    app.test_client_class = Person
    person = app.test_client()
    assert isinstance(person, Person)

    assert asked(person) == (503, "missing: redis\n")


def test_a_database_that_is_away_is_named(redis_url: str) -> None:
    app = create_app(
        settings.build(database_url="sqlite:////nowhere/unpack.db", redis_url=redis_url)
    )
    app.test_client_class = Person
    person = app.test_client()
    assert isinstance(person, Person)

    assert "missing: database\n" in asked(person)[1]
